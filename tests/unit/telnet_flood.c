/*
 * telnet_flood.c - a peer that does not stop: what we send stays below a
 * constant times what came, what waits stays below its limit, and memory
 * stays where it was.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <nvt/telnet.h>

#include "alloc.h"

/* Of output for a byte of input: an AYT of two bytes is answered by nine. */
#define AMPLIFICATION 5

/* An answer that is under way when the limit is reached may go over it. */
#define OVER_LIMIT 2048

struct run {
	struct nvt_telnet *t;
	size_t received, sent, events;
	size_t faults[NVT_FAULT_COUNT];
	size_t text;
};

static void
begin(struct run *r, enum nvt_role role)
{
	const struct nvt_telnet_config config = { .size = sizeof(config),
		.role = role };

	memset(r, 0, sizeof(*r));
	alloc_begin();
	assert_int_equal(nvt_telnet_new(&config, &r->t), 0);
	nvt_telnet_set_usual(r->t);
}

static void
end(struct run *r)
{
	nvt_telnet_free(r->t);
	assert_int_equal(alloc_live(), 0);
}

static void
drain(struct run *r)
{
	const uint8_t *data = NULL;
	size_t len = nvt_telnet_pending(r->t, &data);

	r->sent += len;
	nvt_telnet_sent(r->t, len);
}

static void
note(struct run *r, const struct nvt_event *ev)
{
	r->events += ev->type != NVT_EV_NONE;
	if (ev->type == NVT_EV_TEXT)
		r->text += ev->len;
	if (ev->type == NVT_EV_FAULT)
		r->faults[ev->fault]++;
}

/* Feed, taking the output as it comes. */
static void
feed(struct run *r, const uint8_t *in, size_t len)
{
	struct nvt_event ev;
	size_t took;

	r->received += len;
	do {
		took = nvt_telnet_feed(r->t, in, len, &ev);
		in += took;
		len -= took;
		note(r, &ev);
		drain(r);
	} while (len > 0 || ev.type != NVT_EV_NONE);
	assert_true(r->sent <= AMPLIFICATION * r->received);
}

/* Feed without taking output, until the engine will not have more. */
static void
feed_until_full(struct run *r, const uint8_t *in, size_t len, size_t times)
{
	const uint8_t *data = NULL;
	struct nvt_event ev = { .type = NVT_EV_NONE };
	size_t i, done;

	for (i = 0; i < times && ev.type != NVT_EV_FULL; i++)
		for (done = 0; done < len && ev.type != NVT_EV_FULL;) {
			done +=
			    nvt_telnet_feed(r->t, in + done, len - done, &ev);
			note(r, &ev);
		}
	assert_true(nvt_telnet_pending(r->t, &data) <=
	    NVT_OUT_LIMIT_DEFAULT + OVER_LIMIT);
}

/* What PROTOCOL's floods are made of. */
static const struct {
	const char *name;
	const char *in;
	size_t len;
} floods[] = {
#define FLOOD(in)                                                              \
	{                                                                      \
#in, in, sizeof(in) - 1                                        \
	}
	FLOOD("\xff\xfd\x03\xff\xfe\x03"),
	FLOOD("\xff\xfb\x03\xff\xfc\x03"),
	FLOOD("\xff\xfd\x18"),
	FLOOD("\xff\xfb\x18"),
	FLOOD("\xff\xfd\x63"),
	FLOOD("\xff\xfb\x63"),
	FLOOD("\xff\xfb\x01\xff\xfc\x01"),
	FLOOD("\xff\xfd\x06"),
	FLOOD("\xff\xfb\x06"),
	FLOOD("\xff\xf6"),
	FLOOD("\xff\xf5"),
	FLOOD("\xff\xf2"),
	FLOOD("\xff\xf7\xff\xf8"),
	FLOOD("\xff\xf0"),
	FLOOD("\xff\xfa\xff\xf0"),
	FLOOD("\xff\xfa\x18\x01\xff\xf0"),
	FLOOD("\xff\xfa\x27\x01\xff\xf0"),
	FLOOD("\xff\xfa\x27\x01\x00\x03\x00\x03\xff\xf0"),
	FLOOD("\xff\xfa\x20\x01\xff\xf0"),
	FLOOD("\xff\xfa\x23\x01\xff\xf0"),
	FLOOD("\xff\xfa\x05\x01\xff\xf0"),
	FLOOD("\xff\xfa\x1f\x00\x50\x00\x18\xff\xf0"),
	FLOOD("\r\xff\xff\x00"),
};

#define FLOODS (sizeof(floods) / sizeof(*floods))
#define TIMES 100000

static void
test_floods_taken(void **unused)
{
	enum nvt_role role;
	struct run r;
	size_t i, n, before;
	char *many;

	(void)unused;
	for (i = 0; i < FLOODS; i++) {
		n = floods[i].len;
		many = malloc(1000 * n);
		assert_non_null(many);
		for (before = 0; before < 1000; before++)
			memcpy(many + before * n, floods[i].in, n);
		for (role = NVT_CLIENT; role <= NVT_SERVER; role++) {
			begin(&r, role);
			feed(&r, (uint8_t *)many, 1000 * n);
			before = alloc_peak();
			while (r.received < TIMES * n)
				feed(&r, (uint8_t *)many, 1000 * n);
			/* Nothing piles up. */
			assert_true(alloc_peak() <= before + 4096);
			end(&r);
		}
		free(many);
	}
}

static void
test_floods_not_taken(void **unused)
{
	enum nvt_role role;
	struct run r;
	size_t i;

	(void)unused;
	for (i = 0; i < FLOODS; i++)
		for (role = NVT_CLIENT; role <= NVT_SERVER; role++) {
			begin(&r, role);
			feed_until_full(&r, (const uint8_t *)floods[i].in,
			    floods[i].len, TIMES);
			assert_true(alloc_peak() < 4 * NVT_OUT_LIMIT_DEFAULT);
			end(&r);
		}
}

/* With every option on and every value set: no answer outgrows its question. */
static void
agree_to_all(struct run *r)
{
	static const char *const names[] = { "xterm-256color", NULL };
	static const uint8_t options[] = { NVT_OPT_TTYPE, NVT_OPT_NAWS,
		NVT_OPT_TSPEED, NVT_OPT_XDISPLOC, NVT_OPT_NEW_ENVIRON,
		NVT_OPT_STATUS };
	uint8_t in[3] = { NVT_CMD_IAC, NVT_CMD_DO, 0 };
	size_t i;

	assert_int_equal(nvt_telnet_set_ttype(r->t, names), 0);
	assert_int_equal(nvt_telnet_set_tspeed(r->t, "38400,38400"), 0);
	assert_int_equal(nvt_telnet_set_xdisploc(r->t, "host:0.0"), 0);
	assert_int_equal(
	    nvt_telnet_set_environ(r->t, NVT_ENVIRON_VAR, "USER", "joe"), 0);
	for (i = 0; i < sizeof(options); i++) {
		in[2] = options[i];
		feed(r, in, sizeof(in));
	}
}

static void
test_floods_when_all_is_on(void **unused)
{
	struct run r;
	size_t i, j;

	(void)unused;
	for (i = 0; i < FLOODS; i++) {
		begin(&r, NVT_CLIENT);
		agree_to_all(&r);
		for (j = 0; j < 10000; j++)
			feed(&r, (const uint8_t *)floods[i].in, floods[i].len);
		end(&r);
	}
}

/* One question that asks for the same thing a thousand times. */
static void
test_one_long_question(void **unused)
{
	static const uint8_t head[] = { 0xff, 0xfa, 0x27, 0x01 };
	static const uint8_t tail[] = { 0xff, 0xf0 };
	uint8_t in[sizeof(head) + 4000 + sizeof(tail)];
	char value[1001];
	struct run r;
	size_t i;

	(void)unused;
	memset(value, 'v', sizeof(value) - 1);
	value[sizeof(value) - 1] = '\0';
	memcpy(in, head, sizeof(head));
	for (i = 0; i < 4000; i += 2) {
		in[sizeof(head) + i] = NVT_ENVIRON_VAR;
		in[sizeof(head) + i + 1] = 'A';
	}
	memcpy(in + sizeof(head) + 4000, tail, sizeof(tail));
	begin(&r, NVT_CLIENT);
	assert_int_equal(
	    nvt_telnet_set_environ(r.t, NVT_ENVIRON_VAR, "A", value), 0);
	feed(&r, (const uint8_t *)"\xff\xfd\x27", 3);
	r.sent = 0;
	feed_until_full(&r, in, sizeof(in), 1);
	drain(&r);
	/* Two bytes must not fetch a thousand, two thousand times over. */
	assert_true(r.sent <= NVT_OUT_LIMIT_DEFAULT + OVER_LIMIT);
	end(&r);
}

/* A gigabyte inside one subnegotiation. */
static void
test_endless_subnegotiation(void **unused)
{
	size_t size = (size_t)1 << 20, i, peak;
	uint8_t *block = malloc(size);
	struct run r;

	(void)unused;
	assert_non_null(block);
	memset(block, 'x', size);
	begin(&r, NVT_CLIENT);
	feed(&r, (const uint8_t *)"\xff\xfa\x1f", 3);
	for (i = 0; i < 1024; i++)
		feed(&r, block, size);
	peak = alloc_peak();
	assert_int_equal(r.events, 1);
	assert_int_equal(r.faults[NVT_FAULT_SUB_OVERFLOW], 1);
	assert_true(peak < 3 * NVT_SUB_LIMIT_DEFAULT);
	feed(&r, (const uint8_t *)"\xff\xf0text", 6);
	assert_int_equal(r.events, 2);
	assert_int_equal(r.text, 4);
	end(&r);
	free(block);
}

/* Urgent data without a mark: text comes back after a bounded loss. */
static void
test_endless_urgent(void **unused)
{
	uint8_t block[1000];
	struct run r;
	size_t i;

	(void)unused;
	memset(block, 'x', sizeof(block));
	begin(&r, NVT_SERVER);
	nvt_telnet_urgent(r.t);
	for (i = 0; i < 1000; i++)
		feed(&r, block, sizeof(block));
	assert_int_equal(r.faults[NVT_FAULT_SYNCH_LIMIT], 1);
	assert_int_equal(r.text, 1000 * sizeof(block) - NVT_SYNCH_LIMIT);
	end(&r);
}

static size_t
count_sends(struct nvt_telnet *t)
{
	static const uint8_t send[] = { 0xff, 0xfa, NVT_OPT_TTYPE, 0x01, 0xff,
		0xf0 };
	const uint8_t *data = NULL;
	size_t len = nvt_telnet_pending(t, &data), i, n = 0;

	for (i = 0; i + sizeof(send) <= len; i++)
		n += memcmp(data + i, send, sizeof(send)) == 0;
	return n;
}

/* A peer that comes and goes is not asked for its type for ever. */
static void
test_ttype_on_and_off(void **unused)
{
	static const uint8_t in[] = { 0xff, 0xfb, NVT_OPT_TTYPE, 0xff, 0xfc,
		NVT_OPT_TTYPE };
	struct nvt_event ev;
	struct run r;
	size_t i, done;

	(void)unused;
	begin(&r, NVT_SERVER);
	for (i = 0; i < 100; i++)
		for (done = 0; done < sizeof(in);)
			done += nvt_telnet_feed(
			    r.t, in + done, sizeof(in) - done, &ev);
	i = count_sends(r.t);
	assert_true(i >= 1);
	assert_true(i <= NVT_TTYPE_SENDS_MAX);
	end(&r);
}

/* An idle engine is small, and after a burst small again. */
static void
test_idle_is_small(void **unused)
{
	size_t size = 100000, i;
	uint8_t *block = malloc(size);
	struct run r;

	(void)unused;
	assert_non_null(block);
	memset(block, 'x', size);
	begin(&r, NVT_SERVER);
	assert_true(alloc_peak() <= 2048);
	feed(&r, (const uint8_t *)"\xff\xfa\x1f", 3);
	feed(&r, block, size);
	feed(&r, (const uint8_t *)"\xff\xf0", 2);
	for (i = 0; i < size; i += 1000) {
		size_t taken;

		assert_int_equal(
		    nvt_telnet_send_text(r.t, block, 1000, &taken), 0);
	}
	drain(&r);
	nvt_telnet_trim(r.t);
	assert_true(alloc_bytes() <= 2048);
	end(&r);
	free(block);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_floods_taken),
		cmocka_unit_test(test_floods_not_taken),
		cmocka_unit_test(test_floods_when_all_is_on),
		cmocka_unit_test(test_one_long_question),
		cmocka_unit_test(test_endless_subnegotiation),
		cmocka_unit_test(test_endless_urgent),
		cmocka_unit_test(test_ttype_on_and_off),
		cmocka_unit_test(test_idle_is_small),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
