/*
 * expect_rows.c - a wait as a row of a table.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <nvt/expect.h>

#include "expect_jit.h"
#include "expect_rows.h"

static struct nvt_patterns *
compile(const struct row *row)
{
	struct nvt_pattern list[ROW_PATTERNS];
	struct nvt_patterns *patterns;
	size_t count = 0;

	while (count < ROW_PATTERNS && row->patterns[count] != NULL) {
		list[count].text = row->patterns[count];
		list[count].len = strlen(row->patterns[count]);
		list[count].flags = row->flags;
		count++;
	}
	assert_int_equal(nvt_patterns_new(list, count, &patterns, NULL), 0);
	return patterns;
}

static void
check_span(struct nvt_span span, const char *want)
{
	assert_int_equal(span.len, strlen(want));
	assert_memory_equal(span.data, want, span.len);
}

static void
check_match(const struct row *row, const struct nvt_expect *x,
    const struct nvt_match *m)
{
	struct nvt_span group;

	assert_int_equal(m->which, row->which);
	check_span(m->before, row->before);
	check_span(m->matched, row->matched);
	check_span(m->after, row->after);
	assert_ptr_equal(m->all.data, m->before.data);
	assert_int_equal(m->all.len, m->before.len + m->matched.len);
	/* Without JIT it is not known what more text could change. */
	if (m->after.len == 0 || jit_works())
		assert_int_equal(m->at_edge, !row->inside);
	assert_int_equal(nvt_expect_capture(x, 0, &group), 0);
	check_span(group, row->matched);
	if (m->captures > 0)
		assert_int_equal(nvt_expect_capture(x, 1, &group), 0);
	if (row->group != NULL)
		check_span(group, row->group);
	else if (m->captures > 0)
		assert_null(group.data);
	assert_int_equal(
	    nvt_expect_capture(x, m->captures + 1, &group), NVT_ERR_ARG);
	check_span(nvt_expect_text(x), row->after);
	assert_false(nvt_expect_waiting(x));
}

void
check_row(const struct row *row)
{
	struct nvt_expect_config config = { .size = sizeof(config),
		.text_limit = row->text_limit,
		.earliest = row->earliest };
	struct nvt_patterns *patterns = compile(row);
	struct nvt_expect *x;
	struct nvt_match m;
	int rc = 0;

	print_message("%s\n", row->title);
	assert_int_equal(nvt_expect_new(&config, &x), 0);
	assert_int_equal(nvt_expect_patterns(x, patterns, 0, 0), 0);
	nvt_patterns_free(patterns);
	for (int i = 0; i < ROW_PIECES && row->pieces[i] != NULL; i++) {
		const char *piece = row->pieces[i];

		assert_int_equal(rc, 0);
		assert_int_equal(nvt_expect_append(x, (const uint8_t *)piece,
				     strlen(piece), i),
		    0);
		rc = nvt_expect_poll(x, i, &m);
	}
	if (row->end) {
		assert_int_equal(rc, 0);
		nvt_expect_end(x);
		rc = nvt_expect_poll(x, 0, &m);
	}
	assert_int_equal(rc, row->which >= 0);
	if (rc == 1)
		check_match(row, x, &m);
	nvt_expect_free(x);
}
