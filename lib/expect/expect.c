/*
 * expect.c - waiting for text: a window of text, and what is awaited.
 */
#include <nvt/expect.h>

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/config.h"
#include "expect/needle.h"
#include "expect/patterns.h"
#include "expect/scan.h"
#include "expect/window.h"

enum wait { WAIT_NONE, WAIT_UNTIL, WAIT_PATTERNS };

struct nvt_expect {
	struct nvt__window window;
	uint32_t match_limit;
	bool earliest;
	bool ended;

	enum wait wait;
	bool fresh; /* something happened since the last poll */
	int settle_ms;
	int64_t quiet_since; /* when text last came, or the wait began */
	int64_t wake;        /* when to poll again; -1: no need */

	struct nvt__buf needle; /* WAIT_UNTIL */
	uint64_t needle_from;   /* it does not begin before this position */
	struct nvt_patterns *patterns;  /* WAIT_PATTERNS; a reference */
	struct nvt__progress *progress; /* of each pattern */
	size_t progress_cap;
	size_t serial; /* of the list that progress is of; 0: none */
	struct nvt__scan scan;

	/* The last match, while its pointers live. */
	const uint8_t *matched_in; /* NULL: none */
	struct nvt_span matched;
	size_t captures;
};

/* A match, and which of the list it is of. */
struct candidate {
	int which; /* -1: none */
	struct nvt__found found;
};

static struct nvt_span
span(const uint8_t *data, size_t len)
{
	struct nvt_span s = { data, len };

	return s;
}

/* The last match's pointers live no longer. */
static void
forget_match(struct nvt_expect *x)
{
	x->matched_in = NULL;
}

static void
end_wait(struct nvt_expect *x)
{
	nvt_patterns_free(x->patterns);
	x->patterns = NULL;
	x->wait = WAIT_NONE;
	x->wake = -1;
	nvt__scan_rest(&x->scan);
}

static void
begin_wait(struct nvt_expect *x, enum wait wait)
{
	forget_match(x);
	end_wait(x);
	x->wait = wait;
	x->fresh = true;
}

/* The wait ends without a match: all of the text, which stays. */
static void
end_without_match(struct nvt_expect *x, int which, struct nvt_match *match)
{
	const uint8_t *text = nvt__window_text(&x->window);
	size_t len = x->window.len;

	end_wait(x);
	if (match == NULL)
		return;
	memset(match, 0, sizeof(*match));
	match->which = which;
	match->all = span(text, len);
	match->before = match->all;
	match->matched = span(text + len, 0);
	match->after = match->matched;
	match->dropped = x->window.lost;
}

/* The wait ends with a match, which is consumed. */
static int
end_with_match(struct nvt_expect *x, const struct candidate *c, size_t captures,
    struct nvt_match *match)
{
	const uint8_t *text = nvt__window_text(&x->window);
	size_t len = x->window.len;
	size_t start = c->found.start, end = c->found.end;

	if (match != NULL) {
		match->which = c->which;
		match->all = span(text, end);
		match->before = span(text, start);
		match->matched = span(text + start, end - start);
		match->after = span(text + end, len - end);
		match->captures = captures;
		match->dropped = x->window.lost;
		match->at_edge = c->found.edge;
	}
	x->matched_in = text + c->found.part;
	x->matched = span(text + start, end - start);
	x->captures = captures;
	nvt__window_consume(&x->window, end);
	end_wait(x);
	return 1;
}

static int
poll_until(struct nvt_expect *x, struct nvt_match *match)
{
	const struct nvt__window *w = &x->window;
	const struct nvt__buf *needle = &x->needle;
	size_t from = nvt__window_offset(w, x->needle_from);
	struct candidate c = { 0, { 0, 0, 0, false } };
	size_t hit = 0, again;

	if (needle->len > 0)
		hit = nvt__needle_find(nvt__window_text(w) + from,
		    w->len - from, needle->data, needle->len);
	if (hit == SIZE_MAX) {
		/* The end of the text may be the needle's beginning. */
		again = needle->len - 1;
		if (w->len - from > again)
			x->needle_from = w->base + w->len - again;
		return 0;
	}
	c.found.start = from + hit;
	c.found.end = c.found.start + needle->len;
	c.found.edge = c.found.end == w->len;
	return end_with_match(x, &c, 0, match);
}

/* Poll again at instant at, unless sooner. */
static void
wake_at(struct nvt_expect *x, int64_t at)
{
	if (x->wake < 0 || at < x->wake)
		x->wake = at;
}

static bool
quiet_for(struct nvt_expect *x, int ms, int64_t now)
{
	if (x->ended || now - x->quiet_since >= ms)
		return true;
	wake_at(x, x->quiet_since + ms);
	return false;
}

/*
 * Whether pattern which matches, and is to be believed: 1 with *found, 0, or
 * an error.
 */
static int
try_pattern(
    struct nvt_expect *x, size_t which, int64_t now, struct nvt__found *found)
{
	struct nvt__progress *g = &x->progress[which];
	const struct nvt__pattern *p = &x->patterns->list[which];
	int pause_ms, rc;

	if (!nvt__scan_due(g, p, &x->window, &pause_ms) &&
	    !quiet_for(x, pause_ms, now))
		return 0;
	rc = nvt__scan_run(&x->scan, p, g, &x->window, x->ended, found);
	if (rc == 1 && found->edge && !quiet_for(x, x->settle_ms, now))
		return 0;
	return rc;
}

/*
 * Try the patterns in list order: 0 with the winner in *c (which -1 if there
 * is none) and its captures in the scanner, or an error of pattern c->which.
 */
static int
try_patterns(struct nvt_expect *x, int64_t now, struct candidate *c)
{
	struct nvt__found found;
	int rc;

	c->which = -1;
	for (size_t i = 0; i < x->patterns->count; i++) {
		rc = try_pattern(x, i, now, &found);
		if (rc < 0) {
			c->which = (int)i;
			return rc;
		}
		if (rc == 0 || (c->which >= 0 && found.start >= c->found.start))
			continue;
		c->which = (int)i;
		c->found = found;
		if (!x->earliest)
			return 0;
		nvt__scan_swap(&x->scan);
	}
	if (c->which >= 0)
		nvt__scan_swap(&x->scan);
	return 0;
}

static int
poll_patterns(struct nvt_expect *x, int64_t now, struct nvt_match *match)
{
	struct candidate c;
	int err;

	x->wake = -1;
	err = try_patterns(x, now, &c);
	if (err == NVT_ERR_MATCH_LIMIT) {
		end_without_match(x, c.which, match);
		return err;
	}
	if (err != 0) {
		x->fresh = true;
		return err;
	}
	if (c.which < 0)
		return 0;
	return end_with_match(
	    x, &c, x->patterns->list[c.which].captures, match);
}

int
nvt_expect_new(const struct nvt_expect_config *config, struct nvt_expect **out)
{
	struct nvt_expect_config c = { 0 };
	struct nvt_expect *x;

	if (config != NULL && nvt__config_read(&c, sizeof(c), config) != 0)
		return NVT_ERR_ARG;
	x = calloc(1, sizeof(*x));
	if (x == NULL)
		return NVT_ERR_NOMEM;
	nvt__window_init(&x->window,
	    c.text_limit == 0 ? NVT_TEXT_LIMIT_DEFAULT : c.text_limit);
	x->match_limit =
	    c.match_limit == 0 ? NVT_MATCH_LIMIT_DEFAULT : c.match_limit;
	x->earliest = c.earliest;
	x->wake = -1;
	*out = x;
	return 0;
}

void
nvt_expect_free(struct nvt_expect *x)
{
	if (x == NULL)
		return;
	end_wait(x);
	nvt__scan_free(&x->scan);
	nvt__buf_free(&x->needle);
	nvt__window_free(&x->window);
	free(x->progress);
	free(x);
}

int
nvt_expect_append(
    struct nvt_expect *x, const uint8_t *data, size_t len, int64_t now)
{
	int err;

	if (x->ended)
		return NVT_ERR_STATE;
	if (len == 0)
		return 0;
	err = nvt__window_append(&x->window, data, len);
	if (err != 0)
		return err;
	forget_match(x);
	x->quiet_since = now;
	x->fresh = true;
	return 0;
}

void
nvt_expect_end(struct nvt_expect *x)
{
	x->ended = true;
	x->fresh = true;
}

int
nvt_expect_until(struct nvt_expect *x, const uint8_t *needle, size_t len)
{
	int err;

	if (needle == NULL && len > 0)
		return NVT_ERR_ARG;
	if (len > x->needle.cap) {
		err = nvt__buf_reserve(&x->needle, len - x->needle.len);
		if (err != 0)
			return err;
	}
	begin_wait(x, WAIT_UNTIL);
	/* What was searched for the same string need not be again. */
	if (len == 0 || len != x->needle.len ||
	    memcmp(x->needle.data, needle, len) != 0)
		x->needle_from = 0;
	x->needle.len = len;
	if (len > 0)
		memcpy(x->needle.data, needle, len);
	return 0;
}

/* Room for the progress of count patterns. */
static int
prepare_progress(struct nvt_expect *x, size_t count)
{
	struct nvt__progress *p;

	if (count <= x->progress_cap)
		return 0;
	p = realloc(x->progress, count * sizeof(*p));
	if (p == NULL)
		return NVT_ERR_NOMEM;
	x->progress = p;
	x->progress_cap = count;
	return 0;
}

int
nvt_expect_patterns(struct nvt_expect *x, struct nvt_patterns *patterns,
    int settle_ms, int64_t now)
{
	int err;

	if (patterns == NULL || settle_ms < 0)
		return NVT_ERR_ARG;
	err = nvt__scan_prepare(
	    &x->scan, patterns->captures_max, x->match_limit, x->earliest);
	if (err == 0)
		err = prepare_progress(x, patterns->count);
	if (err != 0)
		return err;
	nvt_patterns_ref(patterns);
	begin_wait(x, WAIT_PATTERNS);
	x->patterns = patterns;
	x->settle_ms = settle_ms;
	/* Text may have come that nobody fetched: quiet begins to count now. */
	x->quiet_since = now;
	for (size_t i = 0; i < patterns->count; i++)
		nvt__scan_begin(
		    &x->progress[i], &x->window, x->serial == patterns->serial);
	x->serial = patterns->serial;
	return 0;
}

int
nvt_expect_poll(struct nvt_expect *x, int64_t now, struct nvt_match *match)
{
	if (x->wait == WAIT_NONE)
		return NVT_ERR_STATE;
	if (!x->fresh && (x->wake < 0 || now < x->wake))
		return 0;
	x->fresh = false;
	if (x->wait == WAIT_UNTIL)
		return poll_until(x, match);
	return poll_patterns(x, now, match);
}

int64_t
nvt_expect_deadline(const struct nvt_expect *x)
{
	return x->wake;
}

void
nvt_expect_cancel(struct nvt_expect *x, struct nvt_match *match)
{
	end_without_match(x, -1, match);
}

bool
nvt_expect_waiting(const struct nvt_expect *x)
{
	return x->wait != WAIT_NONE;
}

int
nvt_expect_capture(
    const struct nvt_expect *x, size_t group, struct nvt_span *out)
{
	const PCRE2_SIZE *ovector;
	PCRE2_SIZE start, end;

	if (x->matched_in == NULL)
		return NVT_ERR_STATE;
	if (group > x->captures)
		return NVT_ERR_ARG;
	if (group == 0) {
		*out = x->matched;
		return 0;
	}
	ovector = pcre2_get_ovector_pointer(x->scan.data);
	start = ovector[2 * group];
	end = ovector[2 * group + 1];
	if (start == PCRE2_UNSET)
		*out = span(NULL, 0);
	else
		*out = span(x->matched_in + start, end - start);
	return 0;
}

struct nvt_span
nvt_expect_text(const struct nvt_expect *x)
{
	return span(nvt__window_text(&x->window), x->window.len);
}

bool
nvt_expect_ended(const struct nvt_expect *x)
{
	return x->ended;
}

size_t
nvt_expect_room(const struct nvt_expect *x)
{
	return x->window.limit - x->window.len;
}

uint64_t
nvt_expect_dropped(const struct nvt_expect *x)
{
	return x->window.dropped;
}

int
nvt_expect_consume(struct nvt_expect *x, size_t len)
{
	if (x->wait != WAIT_NONE)
		return NVT_ERR_STATE;
	forget_match(x);
	nvt__window_consume(&x->window, len);
	return 0;
}

void
nvt_expect_trim(struct nvt_expect *x)
{
	forget_match(x);
	nvt__window_trim(&x->window);
	if (x->wait == WAIT_UNTIL)
		return;
	nvt__buf_free(&x->needle);
	if (x->wait == WAIT_PATTERNS)
		return;
	nvt__scan_free(&x->scan);
	free(x->progress);
	x->progress = NULL;
	x->progress_cap = 0;
	x->serial = 0;
}
