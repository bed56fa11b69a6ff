/*
 * tally.h - what a decoding or encoding came to: the handlers' trivial work.
 *
 * Both sides of a comparison add up the same things, and their sums must be
 * equal: a decoder that is fast because it is wrong does not get a row.
 */
#ifndef BENCH_TALLY_H
#define BENCH_TALLY_H

#include <stddef.h>
#include <stdint.h>

struct tally {
	size_t text; /* bytes of text */
	size_t commands;
	size_t wire; /* bytes for the wire */
};

/* A workload, and the pieces in which it is handed over. */
struct work {
	const uint8_t *data;
	size_t len;
	size_t piece;
	int binary; /* or: newlines are translated */
	struct tally sum;
};

/* libtelnet's side of both: run functions for a struct work. */
void libtelnet_decode(void *work);
void libtelnet_send(void *work);
void libtelnet_printf(void *work);

#endif /* BENCH_TALLY_H */
