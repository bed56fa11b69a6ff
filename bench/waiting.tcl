# waiting.tcl until|expect BYTES PORT - the wait of waiting.c, by Tcl Expect.
# Prints one JSON object.

log_user 0
set timeout -1

lassign $argv how bytes port

# Expect throws away what is over match_max; to find a prompt behind the whole
# of the text and to have that text, as the others do, it must keep it all.
match_max -d [expr {2 * $bytes + 65536}]

set channel [socket 127.0.0.1 $port]
fconfigure $channel -translation binary -buffering none
spawn -open $channel

proc wait {how bytes} {
	send "$bytes\n"
	if {$how eq "until"} {
		expect -ex "router1#" {}
	} else {
		expect -re {login: ?$} {error "login"} \
		    -re {assword:} {error "password"} \
		    -re {(?n)^[\w.-]+[>#] ?$} {}
	}
	return [string length $expect_out(buffer)]
}

wait $how 4096
set begin [clock microseconds]
set kept [wait $how $bytes]
set seconds [expr {([clock microseconds] - $begin) / 1e6}]
puts "{\"bytes\": $bytes, \"seconds\": $seconds, \"kept\": $kept}"
