/*
 * monitor.h - what the side that touches the peer's bytes may ask of the side
 * that knows accounts, opens terminals and starts programs.
 *
 * The order is fixed: login until it is right, open once, then the rest.
 * Requests are of fixed size, without pointers, and each is checked here as
 * if the one who asks had been taken over: a socket may come in between.
 */
#ifndef NVT_SERVER_MONITOR_H
#define NVT_SERVER_MONITOR_H

#include <stdbool.h>
#include <stdint.h>

#include "server/hash.h"
#include "server/pty.h"
#include "server/report.h"
#include "server/server.h"
#include "server/term.h"

struct monitor;

struct monitor_login {
	char user[PASSWORD_MAX + 1];
	char password[PASSWORD_MAX + 1];
};

struct monitor_open {
	char term[TERM_NAME_MAX + 1];
	uint16_t cols; /* 0: not known */
	uint16_t rows;
	bool echo;
};

/* config and the peer's address stay the caller's.  NULL: no memory. */
struct monitor *
monitor_new(const struct server_config *config, const char *remote);

/*
 * Hang up, wait for the program's end, help it along in the end, and free.  A
 * program that nothing helps is left alone after a while.
 */
void monitor_free(struct monitor *m);

/*
 * Whether that name with that password may have a session.  Takes the time of
 * a hash, whatever the answer.  Logs it, with names of accounts alone.
 */
bool monitor_login(struct monitor *m, const struct monitor_login *request);

/*
 * Open a terminal and start the program on it: 0 and the master, which stays
 * the monitor's, or -1 and why.
 */
int monitor_open(struct monitor *m, const struct monitor_open *request,
    int *master, struct report *why);

void monitor_window(struct monitor *m, uint16_t cols, uint16_t rows);
void monitor_echo(struct monitor *m, bool on);
/*
 * The byte for a key, or -1.  *flush: what was typed before it is to be
 * forgotten, and in the terminal is already.
 */
int monitor_key(struct monitor *m, enum pty_key key, bool *flush);
/* Forget output that nobody has read yet. */
void monitor_flush_output(struct monitor *m);

/* Whether the program has ended; reaps and logs it the first time. */
bool monitor_ended(struct monitor *m);

#endif /* NVT_SERVER_MONITOR_H */
