/*
 * ending.h - how long the end of a connection may take, with no I/O.
 *
 * A program that has ended may have output in its terminal, and what was said
 * may wait for a peer that is slow.  Both may take long as long as something
 * moves; a peer that takes nothing is given up.  Times are passed in.
 */
#ifndef NVT_SERVER_ENDING_H
#define NVT_SERVER_ENDING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "server/relay.h"

enum {
	ENDING_DRAIN_MS = 100,   /* for output of a program that has ended */
	ENDING_LINGER_MS = 2000, /* for the peer's close after ours */
	ENDING_STALL_MS = 10000  /* for a peer that takes none of the rest */
};

/* All that a terminal can hold of a program that has ended, and then some. */
#define ENDING_DRAIN_MAX ((uint64_t)256 << 10)

enum ending_word {
	ENDING_WAIT, /* until the deadline, or until something moves */
	ENDING_DONE,
	ENDING_STALLED /* the peer takes nothing */
};

struct ending {
	int64_t deadline;
	bool draining;
	uint64_t first; /* bytes the program had written when it ended */
	uint64_t seen;
	size_t left; /* bytes that waited for the peer */
};

/*
 * The program has ended: whether its output has.  seen are the bytes read of
 * it so far, left those that wait for the peer.
 */
enum ending_word
ending_drain(struct ending *e, uint64_t seen, size_t left, int64_t now);

/* All is said and the stream finished: whether it has gone out. */
void ending_flush_begin(struct ending *e, size_t left, int64_t now);
enum ending_word ending_flush(struct ending *e, size_t left, int64_t now);

#endif /* NVT_SERVER_ENDING_H */
