/*
 * expect_source.h - random patterns, for the tests that compare two matchers.
 */
#ifndef EXPECT_SOURCE_H
#define EXPECT_SOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* One of an array's. */
#define PICK(table) table[below(sizeof(table) / sizeof(table[0]))]

enum { PATTERN_MAX = 256 };

struct source {
	char text[PATTERN_MAX];
	size_t len;
	int groups;
	bool recurses;
	unsigned flags;
};

extern uint64_t random_state;

/* A random number of 0 to n - 1. */
unsigned below(unsigned n);

/* A random pattern; utf is 0 or NVT_PATTERN_UTF. */
void make_source(struct source *s, unsigned utf);

#endif /* EXPECT_SOURCE_H */
