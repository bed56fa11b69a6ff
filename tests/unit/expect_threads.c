/*
 * expect_threads.c - one list of patterns, several threads.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <pthread.h>

#include <nvt/expect.h>

enum { THREADS = 4, WAITS = 2000 };

/* One wait: true if it ended as it should. */
static bool
wait_once(struct nvt_expect *x, struct nvt_patterns *p, int number)
{
	static const char *const prompts[] = { "\r\nrouter1#", "\r\nlogin: " };
	const char *prompt = prompts[number % 2];
	struct nvt_span group;
	struct nvt_match m;

	if (nvt_expect_patterns(x, p, 0, 0) != 0)
		return false;
	for (size_t i = 0; i < strlen(prompt); i++)
		if (nvt_expect_poll(x, 0, &m) != 0 ||
		    nvt_expect_append(x, (const uint8_t *)prompt + i, 1, 0) !=
			0)
			return false;
	return nvt_expect_poll(x, 0, &m) == 1 && m.which == number % 2 &&
	    nvt_expect_capture(x, 1, &group) == 0 &&
	    group.data == m.matched.data;
}

static void *
wait_often(void *arg)
{
	struct nvt_patterns *p = nvt_patterns_ref(arg);
	struct nvt_expect *x;
	bool good = nvt_expect_new(NULL, &x) == 0;

	for (int i = 0; good && i < WAITS; i++)
		good = wait_once(x, p, i);
	nvt_expect_free(x);
	nvt_patterns_free(p);
	return good ? arg : NULL;
}

static void
shared(void **state)
{
	const struct nvt_pattern list[] = { { "(\\w+)#$", 7, 0 },
		{ "(login): $", 10, 0 } };
	pthread_t threads[THREADS];
	struct nvt_patterns *p;
	void *result;

	(void)state;
	assert_int_equal(nvt_patterns_new(list, 2, &p, NULL), 0);
	for (int i = 0; i < THREADS; i++)
		assert_int_equal(
		    pthread_create(&threads[i], NULL, wait_often, p), 0);
	for (int i = 0; i < THREADS; i++) {
		assert_int_equal(pthread_join(threads[i], &result), 0);
		assert_ptr_equal(result, p);
	}
	nvt_patterns_free(p);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(shared),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
