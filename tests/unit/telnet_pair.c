/*
 * telnet_pair.c - two engines wired together, each with a short script of
 * requests.  In every order in which requests and deliveries can happen, they
 * go silent, agree, and neither calls the other a liar (RFC 1143, section 3).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <nvt/telnet.h>

#define SCRIPT_MAX 8
#define WIRE_MAX 96 /* messages of one side in one run: silence must come */
#define CHOICES_MAX (2 * WIRE_MAX + 2 * SCRIPT_MAX)

struct wish {
	enum nvt_side side;
	bool on;
};

struct end {
	struct nvt_telnet *t;
	struct wish script[SCRIPT_MAX];
	size_t length, at;
	uint8_t wire[WIRE_MAX * 3]; /* what this end has said, */
	size_t said, heard;         /* and how much of it was delivered */
};

/* Which of the possible steps was taken, one digit a step. */
struct path {
	unsigned int taken[CHOICES_MAX];
	unsigned int possible[CHOICES_MAX];
	size_t length;
};

struct setting {
	uint8_t option;
	unsigned int accepts; /* a bit for each end and side */
};

static void
collect(struct end *e)
{
	const uint8_t *data = NULL;
	size_t len = nvt_telnet_pending(e->t, &data);

	if (e->said + len > sizeof(e->wire))
		fail_msg("they do not go silent");
	if (len > 0)
		memcpy(e->wire + e->said, data, len);
	e->said += len;
	nvt_telnet_sent(e->t, len);
}

static void
deliver(struct end *from, struct end *to)
{
	struct nvt_event ev;
	const uint8_t *in = from->wire + from->heard;
	size_t done = 0;

	do {
		done += nvt_telnet_feed(to->t, in + done, 3 - done, &ev);
		if (ev.type == NVT_EV_FAULT)
			fail_msg("%s", nvt_fault_name(ev.fault));
	} while (done < 3 || ev.type != NVT_EV_NONE);
	from->heard += 3;
	collect(to);
}

static void
act(struct end *e, uint8_t option)
{
	const struct wish *w = &e->script[e->at++];

	assert_int_equal(nvt_telnet_request(e->t, w->side, option, w->on), 0);
	collect(e);
}

/* The steps that can be taken now, as bits: act 0, act 1, hear 0, hear 1. */
static unsigned int
steps(const struct end e[2])
{
	return (e[0].at < e[0].length ? 1u : 0u) |
	    (e[1].at < e[1].length ? 2u : 0u) |
	    (e[1].heard < e[1].said ? 4u : 0u) |
	    (e[0].heard < e[0].said ? 8u : 0u);
}

static unsigned int
nth_bit(unsigned int bits, unsigned int n)
{
	unsigned int i = 0;

	for (;; i++)
		if ((bits >> i & 1) != 0 && n-- == 0)
			return i;
}

static unsigned int
count_bits(unsigned int bits)
{
	unsigned int n = 0;

	for (; bits != 0; bits >>= 1)
		n += bits & 1;
	return n;
}

static void
take_step(struct end e[2], uint8_t option, unsigned int step)
{
	if (step < 2)
		act(&e[step], option);
	else
		deliver(&e[3 - step], &e[step - 2]);
}

static void
check_agreement(const struct end e[2], uint8_t option)
{
	enum nvt_state a, b;
	int side;

	for (side = NVT_LOCAL; side <= NVT_REMOTE; side++) {
		a = nvt_telnet_state(e[0].t, (enum nvt_side)side, option);
		b = nvt_telnet_state(e[1].t, (enum nvt_side) !side, option);
		if (a != b || (a != NVT_STATE_NO && a != NVT_STATE_YES))
			fail_msg("one says %d, the other %d", (int)a, (int)b);
	}
	assert_int_equal(nvt_telnet_unanswered(e[0].t), 0);
	assert_int_equal(nvt_telnet_unanswered(e[1].t), 0);
}

static void
begin(struct end e[2], const struct setting *s)
{
	int i, side;
	unsigned int bit = 1;

	for (i = 0; i < 2; i++) {
		e[i].at = e[i].said = e[i].heard = 0;
		nvt_telnet_reset(e[i].t);
		for (side = NVT_LOCAL; side <= NVT_REMOTE; side++, bit *= 2)
			nvt_telnet_set_policy(e[i].t, (enum nvt_side)side,
			    s->option,
			    (s->accepts & bit) != 0 ? NVT_ACCEPT : NVT_REFUSE);
	}
}

/* One run along a path, which is continued with first choices. */
static void
run(struct end e[2], const struct setting *s, struct path *p)
{
	unsigned int bits;
	size_t i = 0;

	begin(e, s);
	while ((bits = steps(e)) != 0) {
		assert_true(i < CHOICES_MAX);
		if (i == p->length)
			p->taken[p->length++] = 0;
		p->possible[i] = count_bits(bits);
		take_step(e, s->option, nth_bit(bits, p->taken[i]));
		i++;
	}
	check_agreement(e, s->option);
}

/* The next path in order; false after the last. */
static bool
next_path(struct path *p)
{
	while (p->length > 0) {
		if (++p->taken[p->length - 1] < p->possible[p->length - 1])
			return true;
		p->length--;
	}
	return false;
}

static size_t
run_all(struct end e[2], const struct setting *s)
{
	struct path p = { .length = 0 };
	size_t runs = 0;

	do {
		run(e, s, &p);
		runs++;
	} while (next_path(&p));
	return runs;
}

static void
set_script(struct end *e, size_t length, unsigned int number)
{
	size_t i;

	e->length = length;
	for (i = 0; i < length; i++, number /= 4) {
		e->script[i].side = (number & 1) != 0 ? NVT_LOCAL : NVT_REMOTE;
		e->script[i].on = (number & 2) != 0;
	}
}

static void
new_ends(struct end e[2])
{
	const struct nvt_telnet_config client = { .size = sizeof(client),
		.role = NVT_CLIENT };
	const struct nvt_telnet_config server = { .size = sizeof(server),
		.role = NVT_SERVER };

	memset(e, 0, 2 * sizeof(*e));
	assert_int_equal(nvt_telnet_new(&client, &e[0].t), 0);
	assert_int_equal(nvt_telnet_new(&server, &e[1].t), 0);
}

static void
free_ends(struct end e[2])
{
	nvt_telnet_free(e[0].t);
	nvt_telnet_free(e[1].t);
}

static void
try_scripts(const struct setting *s, size_t length0, size_t length1)
{
	unsigned int all0 = 1u << 2 * length0, all1 = 1u << 2 * length1;
	unsigned int i, j;
	struct end e[2];
	size_t runs = 0;

	new_ends(e);
	for (i = 0; i < all0; i++)
		for (j = 0; j < all1; j++) {
			set_script(&e[0], length0, i);
			set_script(&e[1], length1, j);
			runs += run_all(e, s);
		}
	print_message("option %d, policies %x, scripts of %zu and %zu: "
		      "%zu runs\n",
	    s->option, s->accepts, length0, length1, runs);
	free_ends(e);
}

static void
test_two_each(void **unused)
{
	static const unsigned int policies[] = { 0xf, 0x0, 0x3, 0x6 };
	struct setting s = { .option = NVT_OPT_SGA };
	size_t i;

	(void)unused;
	for (i = 0; i < sizeof(policies) / sizeof(*policies); i++) {
		s.accepts = policies[i];
		try_scripts(&s, 1, 1);
		try_scripts(&s, 2, 1);
		try_scripts(&s, 1, 2);
	}
	s.accepts = 0xf;
	try_scripts(&s, 2, 2);
	s.accepts = 0x0;
	try_scripts(&s, 2, 2);
}

static void
test_three_of_one_side(void **unused)
{
	struct setting s = { .option = 99, .accepts = 0xf };

	(void)unused;
	try_scripts(&s, 3, 0);
	try_scripts(&s, 0, 3);
	try_scripts(&s, 3, 1);
}

/* ECHO is refused where it would loop, and that is silent in the end too. */
static void
test_echo(void **unused)
{
	struct setting s = { .option = NVT_OPT_ECHO, .accepts = 0xf };

	(void)unused;
	try_scripts(&s, 1, 1);
	try_scripts(&s, 2, 1);
	try_scripts(&s, 1, 2);
}

static void
run_at_random(struct end e[2], const struct setting *s)
{
	unsigned int bits, n;

	begin(e, s);
	while ((bits = steps(e)) != 0) {
		n = (unsigned int)rand() % count_bits(bits);
		take_step(e, s->option, nth_bit(bits, n));
	}
	check_agreement(e, s->option);
}

/* Longer ones at random, with any policies; the seed is fixed. */
static void
test_random(void **unused)
{
	struct setting s = { .option = NVT_OPT_EOR };
	struct end e[2];
	int i;

	(void)unused;
	srand(1143);
	new_ends(e);
	for (i = 0; i < 100000; i++) {
		s.accepts = (unsigned int)rand() & 0xf;
		set_script(&e[0], SCRIPT_MAX, (unsigned int)rand());
		set_script(&e[1], SCRIPT_MAX, (unsigned int)rand());
		run_at_random(e, &s);
	}
	free_ends(e);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_two_each),
		cmocka_unit_test(test_three_of_one_side),
		cmocka_unit_test(test_echo),
		cmocka_unit_test(test_random),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
