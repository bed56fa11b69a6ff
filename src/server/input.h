/*
 * input.h - what the peer typed, as the bytes that a terminal would send.
 *
 * Text comes from the session's window, where the engine has made one CR of
 * each end of line (nvt_telnet_set_enter), and between it what has no byte of
 * its own in Telnet: keys, such as IP and EC.
 */
#ifndef NVT_SERVER_INPUT_H
#define NVT_SERVER_INPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <nvt/session.h>

#include "server/pty.h"

/* Keys that may wait: more than anyone types.  A tty drops more, too. */
enum { INPUT_KEYS_MAX = 48 };

struct input_mark {
	uint64_t at; /* bytes of text, of the whole session, before it */
	enum pty_key key;
};

struct input {
	struct nvt_session *session;
	uint64_t consumed; /* bytes of text, of the whole session */
	struct input_mark marks[INPUT_KEYS_MAX];
	size_t count;
};

/* The byte for a key now, or -1 for none.  *flush, false before: it takes the
 * place of all that was typed before it. */
typedef int input_key_fn(void *arg, enum pty_key key, bool *flush);

void input_init(struct input *in, struct nvt_session *session);

/* From the session's event callback: this stands behind the text so far. */
void input_note_key(struct input *in, enum pty_key key);

/* The text up to the next key, which stays; skip len bytes of that. */
struct nvt_span input_peek(const struct input *in);
void input_skip(struct input *in, size_t len);

/* Take at most size bytes; returns how many. */
size_t input_take(
    struct input *in, input_key_fn *key, void *arg, uint8_t *out, size_t size);

/*
 * Nothing more can be taken: if a key waits that takes the place of all that
 * was typed before it, forget that, put its byte down, and return 1; else 0.
 */
size_t input_jump(struct input *in, input_key_fn *key, void *arg, uint8_t *out);

/* Forget the text that waits, but no key: a SYNCH is under way (RFC 854). */
void input_discard(struct input *in);

/* Whether nothing waits. */
bool input_is_empty(const struct input *in);

#endif /* NVT_SERVER_INPUT_H */
