/*
 * expect_nomem.c - the Nth call of malloc fails, for every N, PCRE2's own
 * included (it is linked in for this).  The call that needed it says so, does
 * nothing, and succeeds when it is made again.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <nvt/expect.h>

#include "alloc.h"

/* More calls than a dialogue makes: a sweep that gets here is not ending. */
#define SWEEP_MAX 2000

/* Make call again once if it runs out of memory. */
#define AGAIN(rc, call)                                                        \
	do {                                                                   \
		(rc) = (call);                                                 \
		if ((rc) == NVT_ERR_NOMEM)                                     \
			(rc) = (call);                                         \
	} while (0)

struct step {
	const char *patterns[2]; /* none: a string */
	const char *needle;
	const char *text; /* and many dots, if any */
	size_t dots;
	int which;
	const char *matched;
};

static const struct step steps[] = {
	{ { NULL, NULL }, "login: ", "hello\r\nlogin: ", 0, 0, "login: " },
	{ { "incorrect", "(\\w+)(#|>) ?$" }, NULL, "\r\nrouter1#", 0, 1,
	    "router1#" },
	{ { "(a)(b)(c)", "(d)(e)(f)(g)(h)" }, NULL, "defgh", 5000, 1, "defgh" },
	/* JIT needs a stack of its own for this one. */
	{ { "^(?:.|\\n)*x", "y" }, NULL, "x", 60000, 0, NULL },
	{ { "(*NO_JIT)(?:(a)|b)*c", "y" }, NULL, "ababababc", 0, 0,
	    "ababababc" },
	/* The interpreter needs memory when it is already matching. */
	{ { "(*NO_JIT)^(?:(.)|\\n)*x", "y" }, NULL, "x", 3000, 0, NULL },
};

static void
append(struct nvt_expect *x, const char *text, size_t len)
{
	size_t before = nvt_expect_text(x).len;
	int rc = nvt_expect_append(x, (const uint8_t *)text, len, 0);

	if (rc == NVT_ERR_NOMEM) {
		assert_int_equal(nvt_expect_text(x).len, before);
		rc = nvt_expect_append(x, (const uint8_t *)text, len, 0);
	}
	assert_int_equal(rc, 0);
	assert_int_equal(nvt_expect_text(x).len, before + len);
}

static void
begin(struct nvt_expect *x, const struct step *s)
{
	struct nvt_pattern list[2];
	struct nvt_patterns *p;
	int rc;

	if (s->needle != NULL) {
		AGAIN(rc,
		    nvt_expect_until(
			x, (const uint8_t *)s->needle, strlen(s->needle)));
		assert_int_equal(rc, 0);
		return;
	}
	for (int i = 0; i < 2; i++)
		list[i] = (struct nvt_pattern){ s->patterns[i],
			strlen(s->patterns[i]), 0 };
	AGAIN(rc, nvt_patterns_new(list, 2, &p, NULL));
	assert_int_equal(rc, 0);
	AGAIN(rc, nvt_expect_patterns(x, p, 0, 0));
	nvt_patterns_free(p);
	assert_int_equal(rc, 0);
}

static void
run_step(struct nvt_expect *x, const struct step *s)
{
	static const char dots[100] =
	    "..................................................";
	struct nvt_match m;
	int rc;

	begin(x, s);
	for (size_t i = 0; i < s->dots; i += sizeof(dots))
		append(x, dots, sizeof(dots));
	append(x, s->text, strlen(s->text));
	AGAIN(rc, nvt_expect_poll(x, 0, &m));
	assert_int_equal(rc, 1);
	assert_int_equal(m.which, s->which);
	if (s->matched != NULL) {
		assert_int_equal(m.matched.len, strlen(s->matched));
		assert_memory_equal(m.matched.data, s->matched, m.matched.len);
	}
	assert_int_equal(m.after.len, 0);
}

static void
dialogue(bool earliest)
{
	struct nvt_expect_config config = { .size = sizeof(config),
		.earliest = earliest };
	struct nvt_expect *x;
	int rc;

	AGAIN(rc, nvt_expect_new(&config, &x));
	assert_int_equal(rc, 0);
	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++)
		run_step(x, &steps[i]);
	nvt_expect_trim(x);
	nvt_expect_free(x);
}

static void
sweep(bool earliest)
{
	size_t nth;

	for (nth = 0; nth < SWEEP_MAX; nth++) {
		alloc_begin();
		alloc_fail(nth, false);
		dialogue(earliest);
		assert_int_equal(alloc_live(), 0);
		if (!alloc_failed())
			break;
	}
	alloc_fail_none();
	print_message("%zu calls of malloc\n", nth);
	assert_in_range(nth, 10, SWEEP_MAX - 1);
}

static void
every_malloc_fails(void **state)
{
	(void)state;
	sweep(false);
}

static void
every_malloc_fails_earliest(void **state)
{
	(void)state;
	sweep(true);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_malloc_fails),
		cmocka_unit_test(every_malloc_fails_earliest),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
