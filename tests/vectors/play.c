/*
 * play.c - a vector is played whole, cut at every byte, and byte by byte, and
 * must leave the same log each time.
 *
 * Only byte by byte is it certain which output belongs to which event: fed
 * more, the engine may meet an event after a request that it answered in
 * silence.  So there the order of all is compared, step by step; elsewhere
 * what we are told and what we send, each in its own order.
 */
#include "vector.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

/* Bytes fed for all cuts of one vector: a long one is not cut everywhere. */
#define CUTS_BYTES_MAX ((size_t)16 << 20)

/* Calls of feed that may take nothing and say nothing, one after another. */
#define IDLE_MAX 4

struct mode {
	const char *name;
	bool joined; /* what comes without a pause comes at once */
	bool by_byte;
	size_t cut; /* where one read ends, or 0 */
};

void
player_fail(struct player *p, const char *fmt, ...)
{
	va_list ap;

	fprintf(stderr, "%s:%d: ", p->vector->file,
	    p->step != NULL ? p->step->line : p->vector->line);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fprintf(stderr, "\n");
	p->failed = true;
}

/* An engine as new; what was asked of the old one is lost. */
void
player_begin(struct player *p)
{
	int error;

	nvt_telnet_free(p->t);
	p->t = NULL;
	p->config.size = sizeof(p->config);
	error = nvt_telnet_new(&p->config, &p->t);
	if (error != 0) {
		fprintf(stderr, "nvt_telnet_new: %s\n", nvt_error_text(error));
		exit(2);
	}
}

/* Hand over at most len bytes and say which of them was urgent. */
static size_t
drain_once(struct player *p, const uint8_t *data, size_t len)
{
	size_t urgent = nvt_telnet_pending_urgent(p->t);

	if (urgent > 0 && urgent < len)
		len = urgent;
	log_bytes(&p->log, LOG_OUT, 0, data, len);
	if (urgent == len)
		(void)log_add(&p->log, LOG_URGENT, 0);
	nvt_telnet_sent(p->t, len);
	return len;
}

void
player_drain(struct player *p, size_t most)
{
	const uint8_t *data = NULL;
	size_t len, before;

	while (most > 0 && !p->failed) {
		before = nvt_telnet_pending(p->t, &data);
		if (before == 0)
			return;
		len = before < most ? before : most;
		if (p->by_one)
			len = 1;
		len = drain_once(p, data, len);
		most -= len;
		if (nvt_telnet_pending(p->t, &data) != before - len)
			player_fail(p, "sent() did not take %zu bytes", len);
	}
}

static void
answer(struct player *p)
{
	if (p->answer == ANSWER_NONE)
		return;
	if (nvt_telnet_answer(p->t, p->answer == ANSWER_YES) != 0)
		player_fail(p, "a request could not be answered");
}

static void
got_event(struct player *p, const struct nvt_event *ev)
{
	log_real_event(&p->log, ev);
	if (ev->type == NVT_EV_REQUEST)
		answer(p);
	if (!p->hold)
		player_drain(p, SIZE_MAX);
}

/* Until all is taken, or until output must go first: then the rest waits. */
static void
feed_copy(struct player *p, const uint8_t *in, size_t len)
{
	struct nvt_event ev;
	size_t took, idle = 0;

	do {
		memset(&ev, 0xa5, sizeof(ev));
		took = nvt_telnet_feed(p->t, in, len, &ev);
		if (took > len) {
			player_fail(p, "feed() took %zu of %zu", took, len);
			return;
		}
		in += took;
		len -= took;
		got_event(p, &ev);
		if (ev.type == NVT_EV_FULL && p->hold) {
			p->full = true;
			bytes_add(&p->backlog, in, len);
			return;
		}
		idle = took > 0 ? 0 : idle + 1;
		if (idle > IDLE_MAX) {
			player_fail(p, "feed() makes no progress");
			return;
		}
	} while (len > 0 || ev.type != NVT_EV_NONE);
}

/* The engine gets a buffer of just that size, gone when it is done. */
static void
feed(struct player *p, const uint8_t *in, size_t len)
{
	uint8_t *copy;

	if (p->full) {
		bytes_add(&p->backlog, in, len);
		return;
	}
	copy = must_realloc(NULL, len);
	if (len > 0)
		memcpy(copy, in, len);
	feed_copy(p, copy, len);
	free(copy);
}

void
player_resume(struct player *p)
{
	struct bytes rest = p->backlog;

	p->backlog = (struct bytes){ 0 };
	p->full = false;
	player_drain(p, SIZE_MAX);
	if (rest.len > 0)
		feed(p, rest.data, rest.len);
	bytes_free(&rest);
}

static void
feed_pieces(struct player *p, const struct mode *m, const struct bytes *all,
    size_t before)
{
	size_t i, cut;

	if (m->by_byte) {
		for (i = 0; i < all->len && !p->failed; i++)
			feed(p, all->data + i, 1);
		return;
	}
	cut = m->cut > before ? m->cut - before : 0;
	if (cut > all->len)
		cut = all->len;
	if (cut > 0)
		feed(p, all->data, cut);
	if (cut < all->len)
		feed(p, all->data + cut, all->len - cut);
}

static size_t
group_end(const struct vector *v, size_t from, bool joined)
{
	size_t i = from + 1;

	if (v->v[from].kind == '<' && joined)
		while (i < v->n && v->v[i].kind == '<')
			i++;
	return i;
}

static void
run_group(struct player *p, const struct mode *m, size_t from, size_t to,
    size_t *before)
{
	struct bytes all = { 0 };
	size_t i;

	if (p->step->kind == '$') {
		run_ask(p, &p->step->ask);
	} else if (p->step->kind == '<') {
		p->touched = true;
		for (i = from; i < to; i++)
			bytes_add(&all, p->vector->v[i].bytes.data,
			    p->vector->v[i].bytes.len);
		feed_pieces(p, m, &all, *before);
		*before += all.len;
		bytes_free(&all);
	}
	if (!p->hold)
		player_drain(p, SIZE_MAX);
}

static bool
check_group(struct player *p, const struct mode *m, size_t from, size_t to)
{
	struct log want = { 0 };
	bool same;
	size_t i;

	for (i = from; i < to; i++)
		log_append(&want, &p->vector->v[i].want);
	same = log_same(&want, &p->log, m->by_byte);
	if (!same)
		player_fail(p, "%s", p->vector->title);
	if (!same)
		log_print_both(stderr, &want, &p->log);
	log_clear(&want);
	log_clear(&p->log);
	return same;
}

static void
print_mode(const struct mode *m)
{
	if (m->cut > 0)
		fprintf(stderr, "    (cut after byte %zu)\n", m->cut);
	else
		fprintf(stderr, "    (%s)\n", m->name);
}

static bool
play_once(const struct vector *v, const struct mode *m)
{
	struct player p = { .vector = v, .by_one = m->by_byte };
	size_t i, end, before = 0;

	player_begin(&p);
	for (i = 0; i < v->n && !p.failed; i = end) {
		end = group_end(v, i, m->joined);
		p.step = &v->v[i];
		run_group(&p, m, i, end, &before);
		(void)check_group(&p, m, i, end);
	}
	if (p.failed)
		print_mode(m);
	nvt_telnet_free(p.t);
	bytes_free(&p.backlog);
	log_clear(&p.log);
	return !p.failed;
}

int
play(const struct vector *v)
{
	struct mode m = { .name = "line by line" };
	size_t len = vector_bytes(v), stride = len * len / CUTS_BYTES_MAX + 1;

	if (!play_once(v, &m))
		return 1;
	m = (struct mode){ .name = "byte by byte", .by_byte = true };
	if (!play_once(v, &m))
		return 1;
	m = (struct mode){ .name = "whole", .joined = true };
	if (!play_once(v, &m))
		return 1;
	for (m.cut = 1; m.cut < len; m.cut += stride)
		if (!play_once(v, &m))
			return 1;
	return 0;
}
