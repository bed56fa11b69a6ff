#!/bin/sh
# interrupted.sh - wait for ever, and say so when interrupted.

trap 'echo was interrupted; exit' INT
echo waiting for it
# Not one long sleep: a signal just before it would be told only after it.
while sleep 0.1; do :; done
