/*
 * nearest.c - what somebody may have meant: Levenshtein's distance.
 */
#include "cli/nearest.h"

#include <string.h>

enum { WORD_MAX = 32, FAR_AWAY = 1000 };

static size_t
least(size_t a, size_t b, size_t c)
{
	if (b < a)
		a = b;
	return c < a ? c : a;
}

size_t
nearest_distance(const char *a, const char *b)
{
	size_t row[WORD_MAX + 1], diagonal, above, len = strlen(b);

	if (len > WORD_MAX || strlen(a) > WORD_MAX)
		return FAR_AWAY;
	for (size_t j = 0; j <= len; j++)
		row[j] = j;
	for (size_t i = 1; a[i - 1] != '\0'; i++) {
		diagonal = row[0];
		row[0] = i;
		for (size_t j = 1; j <= len; j++) {
			above = row[j];
			row[j] = least(row[j - 1] + 1, above + 1,
			    diagonal + (a[i - 1] != b[j - 1]));
			diagonal = above;
		}
	}
	return row[len];
}
