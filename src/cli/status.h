/*
 * status.h - the exit codes of every command; nvt(1) has the same list.
 */
#ifndef NVT_CLI_STATUS_H
#define NVT_CLI_STATUS_H

enum status {
	STATUS_DONE = 0,
	STATUS_FAILED = 1,  /* it did not work; a script said no */
	STATUS_USAGE = 2,   /* the command line makes no sense */
	STATUS_CONNECT = 3, /* could not connect */
	STATUS_TIMEOUT = 4,
	STATUS_CLOSED = 5, /* the peer closed */
	STATUS_SOME = 6    /* some devices of many failed */
};

#endif /* NVT_CLI_STATUS_H */
