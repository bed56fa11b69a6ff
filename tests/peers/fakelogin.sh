#!/bin/sh
# fakelogin.sh - what /bin/login says and does, for one made-up account.
#
# Stands in for login(1) under the real daemons, so that the tests need no
# account on the machine.  Arguments (-h host -p user) are ignored.

tries=3
while [ $((tries -= 1)) -ge 0 ]; do
	printf 'login: '
	read -r user || exit 1
	stty -echo
	printf 'Password: '
	read -r password || exit 1
	stty echo
	printf '\n'
	if [ "$user:$password" = "teltest:Secret-42" ]; then
		PS1='$ ' exec /bin/sh
	fi
	printf '\nLogin incorrect\n'
done
