/*
 * pty.h - pseudo-terminals: open one, its size, its keys, its echo.
 */
#ifndef NVT_SERVER_PTY_H
#define NVT_SERVER_PTY_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "server/report.h"

/* What a terminal's keys do, whichever bytes they are set to. */
enum pty_key {
	PTY_KEY_INTR,
	PTY_KEY_QUIT,
	PTY_KEY_SUSP,
	PTY_KEY_EOF,
	PTY_KEY_ERASE,
	PTY_KEY_KILL,
	PTY_KEY_BREAK /* no byte of its own: the line's break */
};

/*
 * Both sides of a new one, the master not blocking, both closed on exec; the
 * slave belongs to uid.  0 and the two, or -1 and why.
 */
int pty_open(uid_t uid, int *master, int *slave, struct report *why);

/* Columns and rows; 0 leaves that one as it is. */
void pty_set_window(int master, uint16_t cols, uint16_t rows);

void pty_set_echo(int master, bool on);

/* The byte that the key is set to now, or -1 if it is set to none. */
int pty_key(int master, enum pty_key key);

/*
 * Whether the terminal, seeing that key, interrupts the program and forgets
 * what was typed before it.
 */
bool pty_interrupts(int master, enum pty_key key);

/* Forget what the program has written and nobody has read. */
void pty_flush_output(int master);

/* Forget what was typed and the program has not read. */
void pty_flush_input(int master);

/* Make slave the terminal of this process, which leads a new session. */
int pty_take(int slave, struct report *why);

#endif /* NVT_SERVER_PTY_H */
