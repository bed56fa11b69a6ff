/*
 * expect_rows.h - a wait as a row of a table: what is awaited, the text piece
 * by piece, and what must come of it with the last piece and not before.
 */
#ifndef TEST_EXPECT_ROWS_H
#define TEST_EXPECT_ROWS_H

#include <stdbool.h>
#include <stddef.h>

enum { ROW_PATTERNS = 4, ROW_PIECES = 8 };

struct row {
	const char *title;
	const char *patterns[ROW_PATTERNS];
	unsigned flags;
	bool earliest;
	size_t text_limit;
	const char *pieces[ROW_PIECES];
	bool end;  /* the text ends behind the last piece */
	int which; /* -1: nothing is found, even then */
	const char *before;
	const char *matched;
	const char *after;
	const char *group; /* 1; NULL: none, or it took no part */
	bool inside;       /* not at the edge of the text */
};

void check_row(const struct row *row);

#endif /* TEST_EXPECT_ROWS_H */
