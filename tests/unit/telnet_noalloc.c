/*
 * telnet_noalloc.c - once warm, nothing is allocated while data flows: text
 * in, text out, commands, negotiations, subnegotiations of a usual size.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <nvt/telnet.h>

#include "alloc.h"

#define ROUNDS 1000

static void
drain(struct nvt_telnet *t, size_t most)
{
	const uint8_t *data = NULL;
	size_t len = nvt_telnet_pending(t, &data);

	nvt_telnet_sent(t, len < most ? len : most);
}

static void
feed(struct nvt_telnet *t, const char *in, size_t len)
{
	struct nvt_event ev;
	size_t done = 0;

	do {
		done += nvt_telnet_feed(
		    t, (const uint8_t *)in + done, len - done, &ev);
	} while (done < len || ev.type != NVT_EV_NONE);
}

static void
say(struct nvt_telnet *t)
{
	uint8_t text[3000];
	size_t taken;

	memset(text, '\n', 1000);
	memset(text + 1000, 'x', 1000);
	memset(text + 2000, 0xff, 1000);
	assert_int_equal(
	    nvt_telnet_send_text(t, text, sizeof(text), &taken), 0);
	assert_int_equal(taken, sizeof(text));
}

static void
one_round(struct nvt_telnet *t)
{
	static const char in[] = "some text\r\n\xff\xff\xff\xf1more\r"
				 "\0\xff\xfd\x63\xff\xfb\x63\xff\xfd\x06"
				 "\xff\xfa\x18\x01\xff\xf0\xff\xf6"
				 "\xff\xfa\x05\x01\xff\xf0"
				 "\xff\xfa\x27\x01\xff\xf0"
				 "\xff\xfa\x27\x01\0USER\0NONE\xff\xf0";

	feed(t, in, sizeof(in) - 1);
	say(t);
	drain(t, 1000);
	feed(t, in, sizeof(in) - 1);
	drain(t, SIZE_MAX);
}

static struct nvt_telnet *
warm(enum nvt_role role)
{
	static const char *const names[] = { "XTERM", NULL };
	const struct nvt_telnet_config config = { .size = sizeof(config),
		.role = role };
	struct nvt_telnet *t = NULL;
	int i;

	alloc_begin();
	assert_int_equal(nvt_telnet_new(&config, &t), 0);
	nvt_telnet_set_usual(t);
	assert_int_equal(nvt_telnet_set_ttype(t, names), 0);
	assert_int_equal(
	    nvt_telnet_set_environ(t, NVT_ENVIRON_VAR, "USER", "someone"), 0);
	feed(t, "\xff\xfd\x18\xff\xfd\x05\xff\xfd\x27", 9);
	for (i = 0; i < 3; i++)
		one_round(t);
	return t;
}

static void
test_warm(void **unused)
{
	enum nvt_role role;
	struct nvt_telnet *t;
	size_t before;
	int i;

	(void)unused;
	for (role = NVT_CLIENT; role <= NVT_SERVER; role++) {
		t = warm(role);
		before = alloc_calls();
		for (i = 0; i < ROUNDS; i++)
			one_round(t);
		assert_int_equal(alloc_calls(), before);
		nvt_telnet_free(t);
	}
}

/* Text in needs no warmth at all. */
static void
test_text_in(void **unused)
{
	struct nvt_telnet *t = NULL;
	char text[4096];
	size_t before;
	int i;

	(void)unused;
	memset(text, 'x', sizeof(text));
	memset(text, '\r', 100);
	memset(text + 200, 0, 100);
	alloc_begin();
	assert_int_equal(nvt_telnet_new(NULL, &t), 0);
	before = alloc_calls();
	for (i = 0; i < ROUNDS; i++)
		feed(t, text, sizeof(text));
	feed(t, "\xff\xf1\xff\xff\xff\xfe\x63\xff\xfc\x63", 10);
	assert_int_equal(alloc_calls(), before);
	nvt_telnet_free(t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_warm),
		cmocka_unit_test(test_text_in),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
