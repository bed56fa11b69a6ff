/*
 * scan.c - one pattern over a text that grows, each byte looked at once.
 *
 * A scan with PCRE2_PARTIAL_HARD from where a match may still begin ends in
 * one of three ways.  No match: none begins before the end of the text, ever.
 * A match: it is one whatever comes.  A partial match: earlier starts are dead
 * for ever, and whether there is a match *now* (as `$` at the end of the text
 * needs) is for a plain match from there to say, which is short.  The text
 * before stays in sight of lookbehind and `^`: it is an offset that moves.
 *
 * A pattern in UTF-8 sees the text in parts, with a barrier at all bytes that
 * are no UTF-8.  (PCRE2_MATCH_INVALID_UTF means the same, but with the JIT of
 * PCRE2 10.42 even valid text goes wrong: `\W` does not match U+20AC.)
 */
#include "expect/scan.h"

#include <limits.h>
#include <string.h>

#include <nvt/error.h>

#include "expect/utf8.h"

enum {
	/* A start that stays open this long (`(?s)BEGIN.*END`) would be
	 * scanned again for each piece that comes, in quadratic time: wait
	 * until there is a quarter more, or the line is quiet. */
	BACK_OFF = 64 * 1024,
	/* All of the text is open to a pattern that cannot be resumed. */
	BACK_OFF_RESCAN = 4 * 1024,
	BACK_OFF_GROWTH = 4,
	/* The quiet to wait for: a little, and some fifteen times as long as a
	 * scan takes, lest a trickle of bytes keep a processor busy. */
	PAUSE_MS = 2,
	PAUSE_BYTES_PER_MS = 48 * 1024,
	/* Mostly without JIT. */
	PAUSE_BYTES_PER_MS_RESCAN = 12 * 1024,
	/* How much is scanned at first of a text whose rest is known, beyond
	 * what its new beginning can change; and of how much more, if a match
	 * may begin there that goes on. */
	HEAD = 8,
	HEAD_GROWTH = 4,
	/* JIT uses 32 KiB of the machine's stack, and this if it must.  Only
	 * what is used of it is real memory, and only until the wait ends. */
	JIT_STACK_MIN = 64 * 1024,
	JIT_STACK_MAX = 8 * 1024 * 1024,
	/* For the interpreter, whose frames are larger; in KiB. */
	HEAP_LIMIT = 32 * 1024
};

static bool
has_room(pcre2_match_data *data, uint32_t captures)
{
	return data != NULL && pcre2_get_ovector_count(data) > captures;
}

/* Match data for captures groups in *data; it may be there already. */
static int
prepare_data(pcre2_match_data **data, uint32_t captures)
{
	pcre2_match_data *fresh;

	if (has_room(*data, captures))
		return 0;
	fresh = pcre2_match_data_create(captures + 1, NULL);
	if (fresh == NULL)
		return NVT_ERR_NOMEM;
	pcre2_match_data_free(*data);
	*data = fresh;
	return 0;
}

static int
prepare_context(struct nvt__scan *s, uint32_t match_limit)
{
	if (s->context != NULL)
		return 0;
	s->context = pcre2_match_context_create(NULL);
	if (s->context == NULL)
		return NVT_ERR_NOMEM;
	pcre2_set_match_limit(s->context, match_limit);
	pcre2_set_heap_limit(s->context, HEAP_LIMIT);
	return 0;
}

int
nvt__scan_prepare(
    struct nvt__scan *s, uint32_t captures, uint32_t match_limit, bool spare)
{
	int err = prepare_context(s, match_limit);

	if (err == 0)
		err = prepare_data(&s->data, captures);
	if (err == 0 && spare)
		err = prepare_data(&s->spare, captures);
	return err;
}

void
nvt__scan_rest(struct nvt__scan *s)
{
	if (s->stack == NULL)
		return;
	pcre2_jit_stack_assign(s->context, NULL, NULL);
	pcre2_jit_stack_free(s->stack);
	s->stack = NULL;
}

void
nvt__scan_free(struct nvt__scan *s)
{
	nvt__scan_rest(s);
	pcre2_match_data_free(s->data);
	pcre2_match_data_free(s->spare);
	pcre2_match_context_free(s->context);
	s->data = s->spare = NULL;
	s->context = NULL;
}

void
nvt__scan_swap(struct nvt__scan *s)
{
	pcre2_match_data *data = s->data;

	s->data = s->spare;
	s->spare = data;
}

/* A part of the text: that from begin to end, matched from from on. */
struct part {
	const uint8_t *text;
	size_t begin, from, end;
	size_t next;      /* where the next part begins */
	bool last;        /* there is none */
	uint32_t options; /* of PCRE2 */
};

/*
 * Where to resume.  A scan of the whole would not begin between CR and LF
 * (PCRE2 takes both in one step), so neither may this one: the CR is tried
 * again, in vain.
 */
static size_t
resume_at(const struct part *part)
{
	const uint8_t *text = part->text;
	size_t from = part->from;

	if (from > part->begin && from < part->end && text[from - 1] == '\r' &&
	    text[from] == '\n')
		return from - 1;
	return from;
}

/*
 * Find the end of the part that begins at part->begin.  Up to part->from it
 * has been seen to be UTF-8, unless a character's head was dropped.
 */
static void
bound_utf8(struct part *part, size_t len, bool ended)
{
	const uint8_t *text = part->text;
	bool torn;

	part->begin += nvt__utf8_continuation(
	    text + part->begin, part->from - part->begin);
	part->end = part->from +
	    nvt__utf8_valid(text + part->from, len - part->from, &torn);
	/* The rest of a torn character may be on its way. */
	if (part->end == len || (torn && !ended))
		return;
	part->last = false;
	part->next = part->end + 1;
	part->next +=
	    nvt__utf8_continuation(text + part->next, len - part->next);
}

static struct part
bound(const struct nvt__pattern *p, const struct nvt__window *w, size_t begin,
    size_t from, bool ended)
{
	struct part part = { .text = nvt__window_text(w),
		.begin = begin,
		.from = from,
		.end = w->len,
		.last = true };

	if (p->utf) {
		bound_utf8(&part, w->len, ended);
		part.options |= PCRE2_NO_UTF_CHECK;
	}
	/* The true beginning is elsewhere, and so may be the true end. */
	if (part.begin > 0 || w->lost > 0)
		part.options |= PCRE2_NOTBOL;
	if (!part.last)
		part.options |= PCRE2_NOTEOL;
	return part;
}

/* The machine's stack was too small for JIT: 0, or a PCRE2 error. */
static int
widen_stack(struct nvt__scan *s)
{
	if (s->stack != NULL)
		return PCRE2_ERROR_JIT_STACKLIMIT;
	s->stack = pcre2_jit_stack_create(JIT_STACK_MIN, JIT_STACK_MAX, NULL);
	if (s->stack == NULL)
		return PCRE2_ERROR_NOMEMORY;
	pcre2_jit_stack_assign(s->context, NULL, s->stack);
	return 0;
}

static int
match(struct nvt__scan *s, const struct nvt__pattern *p,
    const struct part *part, uint32_t options)
{
	int rc, err;

	for (;;) {
		rc = pcre2_match(p->code, part->text + part->begin,
		    part->end - part->begin, resume_at(part) - part->begin,
		    options | part->options, s->data, s->context);
		if (rc != PCRE2_ERROR_JIT_STACKLIMIT)
			return rc;
		err = widen_stack(s);
		if (err != 0)
			return err;
	}
}

static int
error_of(int rc)
{
	return rc == PCRE2_ERROR_NOMEMORY ? NVT_ERR_NOMEM : NVT_ERR_MATCH_LIMIT;
}

/* The match in s->data; partial: more text might have made it another. */
static int
take(struct nvt__scan *s, const struct part *part, bool partial,
    struct nvt__found *found)
{
	const PCRE2_SIZE *ovector = pcre2_get_ovector_pointer(s->data);

	found->part = part->begin;
	found->start = part->begin + ovector[0];
	found->end = part->begin + ovector[1];
	found->edge = partial || (part->last && found->end == part->end);
	return 1;
}

/* How much of the text is open: a match may begin in it. */
static size_t
open_len(const struct nvt__progress *g, const struct nvt__window *w)
{
	return w->len - nvt__window_offset(w, g->from);
}

static uint64_t
end_of(const struct nvt__window *w)
{
	return w->base + w->len;
}

static size_t
room(const struct nvt__window *w)
{
	return w->limit - w->len;
}

/* Another piece, and the oldest text may be dropped. */
static bool
is_nearly_full(const struct nvt__window *w)
{
	return room(w) < w->piece;
}

/* There was nothing in w's text: when to look again. */
static void
back_off(const struct nvt__pattern *p, struct nvt__progress *g,
    const struct nvt__window *w, bool ended)
{
	size_t open = open_len(g, w);

	g->looked = end_of(w);
	g->looked_ended = ended;
	g->due = 0;
	if (open <= (size_t)(p->resumable ? BACK_OFF : BACK_OFF_RESCAN))
		return;
	g->due = end_of(w) + open / BACK_OFF_GROWTH;
	/* What begins in the oldest text must be looked at before that is gone,
	 * but not for each byte that a trickle fills the room with. */
	g->last = end_of(w) + 1;
	if (is_nearly_full(w))
		g->last = end_of(w) + (room(w) + 1) / 2;
	if (room(w) == 0)
		g->last = g->due;
}

bool
nvt__scan_due(const struct nvt__progress *g, const struct nvt__pattern *p,
    const struct nvt__window *w, int *pause_ms)
{
	size_t per_ms =
	    p->resumable ? PAUSE_BYTES_PER_MS : PAUSE_BYTES_PER_MS_RESCAN;
	size_t pause;

	if (end_of(w) >= g->due || (is_nearly_full(w) && end_of(w) >= g->last))
		return true;
	pause = PAUSE_MS + open_len(g, w) / per_ms;
	*pause_ms = pause > INT_MAX ? INT_MAX : (int)pause;
	return false;
}

void
nvt__scan_begin(
    struct nvt__progress *g, const struct nvt__window *w, bool again)
{
	if (!again)
		memset(g, 0, sizeof(*g));
	if (g->from > g->known) {
		g->known = g->from;
		g->known_part = g->part;
	}
	g->part = g->from = w->base;
	g->due = 0;
}

/*
 * Move part->from to where a match may still begin, with all text before it
 * proven dead.  1 if the match is found already, 0 if it is for a plain match
 * to say; or a PCRE2 error, of which PCRE2_ERROR_NOMATCH says there is none.
 */
static int
advance(struct nvt__scan *s, const struct nvt__pattern *p, struct part *part)
{
	int rc = match(s, p, part, PCRE2_PARTIAL_HARD);

	if (rc == PCRE2_ERROR_NOMATCH)
		part->from = part->end;
	else if (rc == PCRE2_ERROR_PARTIAL || rc >= 0)
		part->from = part->begin + pcre2_get_startchar(s->data);
	if (rc == PCRE2_ERROR_PARTIAL)
		return 0;
	return rc >= 0 ? 1 : rc;
}

/*
 * Match the last part that there is: 1 with *found, or a PCRE2 error, of which
 * PCRE2_ERROR_NOMATCH says not yet.
 */
static int
match_last(struct nvt__scan *s, const struct nvt__pattern *p, struct part *part,
    bool ended, struct nvt__found *found)
{
	bool resume = p->resumable && !ended;
	int rc = resume ? advance(s, p, part) : 0;

	if (rc == 1)
		return take(s, part, false, found);
	if (rc == 0)
		rc = match(s, p, part, 0);
	return rc < 0 ? rc : take(s, part, resume, found);
}

/*
 * Whether no match begins in the first p->reach bytes of head, whatever comes
 * behind it; and *dead, where one may.
 */
static bool
is_dead(struct nvt__scan *s, const struct nvt__pattern *p,
    const struct nvt__window *head, struct part *dead)
{
	struct part part = bound(p, head, 0, 0, false);
	int rc;

	while (!part.last) {
		if (part.end > part.begin &&
		    match(s, p, &part, 0) != PCRE2_ERROR_NOMATCH)
			return false;
		part = bound(p, head, part.next, part.next, false);
	}
	rc = advance(s, p, &part);
	*dead = part;
	return (rc == 0 || rc == PCRE2_ERROR_NOMATCH) && part.from >= p->reach;
}

/*
 * Join what earlier waits proved of the text.  Its new beginning, which was in
 * the midst of it then, is scanned as if no more had come yet.  True if that
 * leaves nothing to look for.
 */
static bool
recall(struct nvt__scan *s, const struct nvt__pattern *p,
    struct nvt__progress *g, const struct nvt__window *w, bool ended)
{
	bool looked = g->looked == end_of(w) && g->looked_ended == ended;
	size_t known = looked ? w->len : nvt__window_offset(w, g->known);
	struct nvt__window head = *w;
	struct part dead;

	if (p->reach == 0 || (g->known <= g->from && !looked))
		return false;
	for (head.len = p->reach + HEAD; head.len < known;
	     head.len *= HEAD_GROWTH) {
		if (!is_dead(s, p, &head, &dead))
			continue;
		g->part = w->base + dead.begin;
		g->from = w->base + dead.from;
		if (g->known > g->from) {
			g->part = g->known_part;
			g->from = g->known;
		}
		return looked;
	}
	g->known = 0;
	return false;
}

int
nvt__scan_run(struct nvt__scan *s, const struct nvt__pattern *p,
    struct nvt__progress *g, const struct nvt__window *w, bool ended,
    struct nvt__found *found)
{
	bool nothing = recall(s, p, g, w, ended);
	struct part part = bound(p, w, nvt__window_offset(w, g->part),
	    nvt__window_offset(w, g->from), ended);
	int rc;

	if (nothing) {
		back_off(p, g, w, ended);
		return 0;
	}
	while (!part.last) {
		/* Between two such bytes there is no text to match. */
		rc = PCRE2_ERROR_NOMATCH;
		if (part.end > part.begin)
			rc = match(s, p, &part, 0);
		if (rc >= 0)
			return take(s, &part, false, found);
		if (rc != PCRE2_ERROR_NOMATCH)
			return error_of(rc);
		part = bound(p, w, part.next, part.next, ended);
	}
	rc = match_last(s, p, &part, ended, found);
	if (p->resumable) {
		g->part = w->base + part.begin;
		g->from = w->base + part.from;
	}
	if (rc == 1)
		return 1;
	if (rc != PCRE2_ERROR_NOMATCH)
		return error_of(rc);
	back_off(p, g, w, ended);
	return 0;
}
