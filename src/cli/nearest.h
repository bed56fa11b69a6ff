/*
 * nearest.h - what somebody may have meant who mistyped a word.
 */
#ifndef NVT_CLI_NEAREST_H
#define NVT_CLI_NEAREST_H

#include <stddef.h>

/*
 * How many letters have to be added, dropped or changed to make a of b; a
 * large number if either is longer than any word of ours.
 */
size_t nearest_distance(const char *a, const char *b);

/* The distance from which on a word is another, not a slip. */
enum { NEAREST_FAR = 3 };

#endif /* NVT_CLI_NEAREST_H */
