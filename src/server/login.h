/*
 * login.h - the dialogue that asks for a name and a password, with no I/O.
 *
 * Bytes typed go in with login_feed(), which stops at each password; the
 * caller judges it and says login_refuse(), or goes on with a session.  Text
 * for the peer is taken from login_output().  Nothing here waits: the delay
 * after a wrong password is the caller's.  No allocation.
 */
#ifndef NVT_SERVER_LOGIN_H
#define NVT_SERVER_LOGIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "server/hash.h"

/* A longer line is taken to its end, and refused. */
enum { LOGIN_LINE_MAX = PASSWORD_MAX };

/* The name of the host in the prompt, cut to this. */
enum { LOGIN_HOST_MAX = 64 };

/* Room for what one byte typed can make us say: a whole line erased. */
enum { LOGIN_OUT_MAX = 1024 };

/* What a key does in the dialogue, as ttys have it by default. */
enum login_key {
	LOGIN_KEY_INTR = 0x03,
	LOGIN_KEY_EOF = 0x04,
	LOGIN_KEY_BACKSPACE = 0x08,
	LOGIN_KEY_KILL = 0x15,
	LOGIN_KEY_ERASE = 0x7f
};

enum login_state {
	LOGIN_NAME,     /* the name is being typed */
	LOGIN_PASSWORD, /* the password is being typed */
	LOGIN_JUDGE,    /* login_user() and login_password() wait for a word */
	LOGIN_OVER      /* no more tries, or the peer gave up */
};

struct login {
	enum login_state state;
	unsigned tries_left;
	bool echo;     /* whether what is typed is shown; false if the peer
			* shows it by itself */
	bool after_cr; /* the LF or NUL that follows belongs to the CR */
	bool too_long; /* of the line being typed */
	size_t len;
	char user[LOGIN_LINE_MAX + 1];
	char password[LOGIN_LINE_MAX + 1];
	char host[LOGIN_HOST_MAX + 1];
	char out[LOGIN_OUT_MAX];
	size_t out_len;
};

/* Begin, with the first prompt as output.  tries is at least 1. */
void login_init(struct login *l, const char *host, unsigned tries);

/*
 * Take bytes that were typed: returns how many.  Fewer than len once the state
 * is LOGIN_JUDGE or LOGIN_OVER, or when the output has to be fetched first.
 */
size_t login_feed(struct login *l, const uint8_t *in, size_t len);

/*
 * What was typed, in LOGIN_JUDGE.  "" stands for a line that was too long, so
 * that it is no account's.
 */
const char *login_user(const struct login *l);
const char *login_password(const struct login *l);

/* The word is no: says so, and asks again or is over.  Forgets what was typed.
 */
void login_refuse(struct login *l);

/* Forget what was typed: the password, and a name that may be one. */
void login_forget(struct login *l);

/* Text for the peer, with CR LF; gone once it is fetched. */
size_t login_output(struct login *l, const char **text);

/*
 * How many of the bytes typed next, 0 or 1, still belong to the end of the
 * last line.
 */
size_t login_leftover(struct login *l, const uint8_t *in, size_t len);

#endif /* NVT_SERVER_LOGIN_H */
