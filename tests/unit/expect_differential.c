/*
 * expect_differential.c - the resumed matcher against a scan of everything.
 *
 * Random patterns (expect_source.c), texts and cuts, and waits in a row over
 * what is left of one text.  After each piece of text nvt_expect_poll() must
 *say what trying each pattern in list order over all of the text says, captures
 * included.  The referee is PCRE2 itself, with JIT and without its
 * start optimiser, which errs (see lib/expect/patterns.c).
 *
 *	expect_differential [patterns [seed]]
 *
 * Prints each difference and exits 1 if there was one.
 */
#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <nvt/expect.h>

#include "expect_source.h"

enum {
	PATTERNS_DEFAULT = 25000,
	LIST_MAX = 3,
	TEXTS = 12, /* of each list */
	LONG_TEXTS = 3,
	TEXT_MAX = 48,
	LONG_TEXT_MAX = 200, /* of many waits */
	MATCH_LIMIT = 100000,
	SHOW_MAX = 20
};

struct list {
	struct source sources[LIST_MAX];
	pcre2_code *referee[LIST_MAX];
	bool shy[LIST_MAX]; /* of beginning between CR and LF */
	struct nvt_patterns *patterns;
	struct nvt_patterns *twin; /* the same, in another list */
	size_t count;
	bool earliest;
	unsigned utf;
};

/* What one side says of a text. */
struct answer {
	int which; /* -1: no match, -2: too many steps */
	size_t start;
	size_t end;
	int groups;
	long at[64][2];
};

static unsigned long checks, differences, given_up, excused;
static pcre2_match_data *referee_data;
static pcre2_match_context *referee_limits;

/* The referee's own reading of the flags. */
static pcre2_code *
compile_referee(const struct source *s, uint32_t options)
{
	pcre2_compile_context *context;
	pcre2_code *code;
	PCRE2_SIZE offset;
	int number;

	if (s->flags & NVT_PATTERN_LITERAL)
		options |= PCRE2_LITERAL;
	else
		options |= PCRE2_ALT_CIRCUMFLEX;
	if (s->flags & NVT_PATTERN_CASELESS)
		options |= PCRE2_CASELESS;
	if (s->flags & NVT_PATTERN_MULTILINE)
		options |= PCRE2_MULTILINE;
	if (s->flags & NVT_PATTERN_DOTALL)
		options |= PCRE2_DOTALL;
	if (s->flags & NVT_PATTERN_UTF)
		options |= PCRE2_UTF | PCRE2_MATCH_INVALID_UTF;
	context = pcre2_compile_context_create(NULL);
	pcre2_set_newline(context,
	    s->flags & NVT_PATTERN_LF ? PCRE2_NEWLINE_LF :
					PCRE2_NEWLINE_ANYCRLF);
	code = pcre2_compile(
	    (PCRE2_SPTR)s->text, s->len, options, &number, &offset, context);
	pcre2_compile_context_free(context);
	/* Of invalid UTF-8 and of recursion the interpreter is the better
	 * judge. */
	if (code != NULL && !(s->flags & NVT_PATTERN_UTF) && !s->recurses)
		pcre2_jit_compile(code, PCRE2_JIT_COMPLETE);
	return code;
}

/* All matches begin lines, as the optimiser sees it, or no CR or LF is named.
 */
static bool
is_shy(const struct source *s)
{
	pcre2_code *code = compile_referee(s, 0);
	uint32_t first = 0, names = 0;

	pcre2_pattern_info(code, PCRE2_INFO_FIRSTCODETYPE, &first);
	pcre2_pattern_info(code, PCRE2_INFO_HASCRORLF, &names);
	pcre2_code_free(code);
	return first == 2 || !names;
}

static void
free_list(struct list *l)
{
	for (size_t i = 0; i < l->count; i++)
		pcre2_code_free(l->referee[i]);
	nvt_patterns_free(l->patterns);
	nvt_patterns_free(l->twin);
	memset(l, 0, sizeof(*l));
}

/* A list that compiles. */
static void
make_list(struct list *l)
{
	struct nvt_pattern list[LIST_MAX];
	size_t want = 1 + below(LIST_MAX);

	memset(l, 0, sizeof(*l));
	l->earliest = below(4) == 0;
	l->utf = below(4) == 0 ? NVT_PATTERN_UTF : 0;
	while (l->count < want) {
		struct source *s = &l->sources[l->count];

		make_source(s, l->utf);
		l->referee[l->count] =
		    compile_referee(s, PCRE2_NO_START_OPTIMIZE);
		if (l->referee[l->count] == NULL)
			continue;
		l->shy[l->count] = is_shy(s);
		list[l->count].text = s->text;
		list[l->count].len = s->len;
		list[l->count].flags = s->flags;
		l->count++;
	}
	if (nvt_patterns_new(list, l->count, &l->patterns, NULL) != 0 ||
	    nvt_patterns_new(list, l->count, &l->twin, NULL) != 0)
		abort();
}

static size_t
make_text(uint8_t *text, size_t max, unsigned utf)
{
	static const char *const pieces[] = { "a", "a", "b", "b", "#", ">", " ",
		"\n", "\r", "\r\n", "ab", "b#", "aa", "A", "1" };
	static const char *const wide[] = { "\xc3\xa9", "\xe2\x82\xac", "\xc3",
		"\xa9", "\xf0\x9f\x98\x80", "\xff", "\xf0\x9f", "\xed\xa0\x80",
		"\xe2\x82", "e\xcc\x81" };
	size_t want = below((unsigned)max), len = 0;

	while (len < want) {
		const char *piece = PICK(pieces);

		if (utf && below(3) == 0)
			piece = PICK(wide);
		/* The interpreter takes this for the beginning of a line. */
		if (*piece == '\xa9' && len > 0 &&
		    strchr("\r\n", text[len - 1]))
			continue;
		memcpy(text + len, piece, strlen(piece));
		len += strlen(piece);
	}
	return len;
}

/* Whether c may follow first in UTF-8. */
static bool
may_follow(uint8_t first, uint8_t c)
{
	uint8_t low = first == 0xe0 ? 0xa0 : first == 0xf0 ? 0x90 : 0x80;
	uint8_t high = first == 0xed ? 0x9f : first == 0xf4 ? 0x8f : 0xbf;

	return c >= low && c <= high;
}

static size_t
character_size(uint8_t first)
{
	return first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
}

/* Without the character that is still to be completed, if there is one. */
static size_t
whole_characters(const uint8_t *text, size_t len)
{
	for (size_t back = 1; back <= 3 && back <= len; back++) {
		uint8_t c = text[len - back];
		size_t size = character_size(c);

		if ((c & 0xc0) == 0x80)
			continue;
		if (c < 0xc2 || c > 0xf4 || size <= back ||
		    (back > 1 && !may_follow(c, text[len - back + 1])))
			return len;
		return len - back;
	}
	return len;
}

/* Whether text begins with a character. */
static bool
whole_character(const uint8_t *text, size_t len)
{
	size_t size = character_size(text[0]);

	if (size == 1)
		return true;
	if (text[0] < 0xc2 || text[0] > 0xf4 || len < size)
		return false;
	for (size_t i = 2; i < size; i++)
		if ((text[i] & 0xc0) != 0x80)
			return false;
	return may_follow(text[0], text[1]);
}

/* What pattern i says of all of the text. */
static void
ask_referee(const struct list *l, size_t i, const uint8_t *text, size_t len,
    struct answer *a)
{
	const PCRE2_SIZE *at = pcre2_get_ovector_pointer(referee_data);
	uint32_t groups;
	int rc;

	rc = pcre2_match(
	    l->referee[i], text, len, 0, 0, referee_data, referee_limits);

	a->which = rc >= 0 ? (int)i : rc == PCRE2_ERROR_NOMATCH ? -1 : -2;
	if (rc < 0)
		return;
	pcre2_pattern_info(l->referee[i], PCRE2_INFO_CAPTURECOUNT, &groups);
	a->start = at[0];
	a->end = at[1];
	a->groups = (int)groups;
	for (uint32_t g = 0; g <= groups && g < 64; g++) {
		bool set = at[2 * g] != PCRE2_UNSET;

		a->at[g][0] = set ? (long)at[2 * g] : -1;
		a->at[g][1] = set ? (long)at[2 * g + 1] : -1;
	}
}

static void
rescan(
    const struct list *l, const uint8_t *text, size_t len, struct answer *best)
{
	struct answer a;

	best->which = -1;
	for (size_t i = 0; i < l->count && best->which != -2; i++) {
		ask_referee(l, i, text, len, &a);
		if (a.which == -1 ||
		    (a.which >= 0 && best->which >= 0 &&
			a.start >= best->start))
			continue;
		*best = a;
		if (!l->earliest)
			return;
	}
}

static void
poll_once(struct nvt_expect *x, struct answer *a)
{
	struct nvt_match m;
	struct nvt_span s;
	int rc = nvt_expect_poll(x, 0, &m);

	a->which = rc == 1 ? m.which : rc == 0 ? -1 : -2;
	if (rc != 1)
		return;
	a->start = m.before.len;
	a->end = m.all.len;
	a->groups = (int)m.captures;
	for (size_t g = 0; g <= m.captures && g < 64; g++) {
		if (nvt_expect_capture(x, g, &s) != 0)
			abort();
		a->at[g][0] = s.data == NULL ? -1 : (long)(s.data - m.all.data);
		a->at[g][1] = s.data == NULL ? -1 : a->at[g][0] + (long)s.len;
	}
}

static bool
same(const struct answer *a, const struct answer *b)
{
	if (a->which != b->which)
		return false;
	if (a->which < 0)
		return true;
	return a->start == b->start && a->end == b->end &&
	    a->groups == b->groups &&
	    memcmp(a->at, b->at, (size_t)(a->groups + 1) * sizeof(a->at[0])) ==
	    0;
}

static void
print_bytes(const char *text, size_t len)
{
	putchar('"');
	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)text[i];

		if (c < ' ' || c > '~')
			printf("\\x%02x", c);
		else
			putchar(c);
	}
	putchar('"');
}

static void
report(const struct list *l, const uint8_t *text, size_t len,
    const struct answer *ours, const struct answer *theirs)
{
	if (differences++ >= SHOW_MAX)
		return;
	printf("difference%s:", l->earliest ? " (earliest)" : "");
	for (size_t i = 0; i < l->count; i++) {
		putchar(' ');
		print_bytes(l->sources[i].text, l->sources[i].len);
		printf("/%u", l->sources[i].flags);
	}
	printf(" on ");
	print_bytes((const char *)text, len);
	printf(": ours %d", ours->which);
	if (ours->which >= 0)
		printf(" (%zu,%zu)", ours->start, ours->end);
	printf(", rescan %d", theirs->which);
	if (theirs->which >= 0)
		printf(" (%zu,%zu)", theirs->start, theirs->end);
	printf("\n");
}

/* Whether text ends with a character. */
static bool
ends_whole(const uint8_t *text, size_t len)
{
	for (size_t back = 1; back <= 4 && back <= len; back++)
		if ((text[len - back] & 0xc0) != 0x80)
			return whole_character(text + len - back, back) &&
			    character_size(text[len - back]) == back;
	return false;
}

/*
 * Whether a match begins between CR and LF, of a pattern that PCRE2 would not
 * rather begin there.  The referee has ^ match behind any CR, and goes from CR
 * to behind LF if the pattern names neither; with the start optimiser no line
 * begins there, and what it finds there it may try first.
 */
static bool
inside_line_end(const struct list *l, const uint8_t *text, size_t len,
    const struct answer *a)
{
	return a->which >= 0 && l->shy[a->which] && a->start > 0 &&
	    a->start < len && text[a->start - 1] == '\r' &&
	    text[a->start] == '\n';
}

/* Two answers are not the same. */
static void
judge(const struct list *l, const uint8_t *text, size_t len,
    const struct answer *ours, const struct answer *theirs)
{
	if (inside_line_end(l, text, len, ours) ||
	    inside_line_end(l, text, len, theirs))
		excused++;
	else
		report(l, text, len, ours, theirs);
}

/* Hold our answer against the referee's: false ends this text. */
static bool
compare(const struct list *l, const uint8_t *text, size_t len, bool ended,
    const struct answer *ours)
{
	struct answer theirs;

	if (l->utf && !ended)
		len = whole_characters(text, len);
	/* PCRE2 has ^ match behind bytes that are no UTF-8 where they come
	 * first, and nothing match behind those that come last. */
	if (l->utf && len > 0 &&
	    (!whole_character(text, len) || !ends_whole(text, len)))
		return true;
	rescan(l, text, len, &theirs);
	if (ours->which == -2 || theirs.which == -2) {
		given_up++;
		return false;
	}
	checks++;
	if (same(ours, &theirs))
		return true;
	judge(l, text, len, ours, &theirs);
	return false;
}

/* Wait for l in text, in pieces: false once there is nothing more to learn. */
static bool
run_wait(const struct list *l, struct nvt_expect *x, const uint8_t *text,
    size_t len, size_t *given)
{
	const struct nvt_span held = nvt_expect_text(x);
	size_t begin = *given - held.len;
	struct answer ours;

	if (nvt_expect_patterns(x, l->patterns, 0, 0) != 0)
		abort();
	for (;;) {
		bool ended = nvt_expect_ended(x);
		size_t piece = below(3) == 0 ? 1 : 1 + below(12);

		poll_once(x, &ours);
		if (!compare(l, text + begin, *given - begin, ended, &ours))
			return false;
		if (ours.which >= 0)
			return ours.end > 0;
		if (ended)
			return false;
		if (*given == len) {
			nvt_expect_end(x);
			continue;
		}
		if (piece > len - *given)
			piece = len - *given;
		if (nvt_expect_append(x, text + *given, piece, 0) != 0)
			abort();
		*given += piece;
	}
}

static void
run_text(const struct list *l)
{
	struct nvt_expect_config config = { .size = sizeof(config),
		.match_limit = MATCH_LIMIT,
		.earliest = l->earliest };
	uint8_t text[TEXT_MAX + 8];
	size_t len = make_text(text, TEXT_MAX, l->utf), given = 0;
	struct nvt_expect *x;

	if (nvt_expect_new(&config, &x) != 0)
		abort();
	while (run_wait(l, x, text, len, &given))
		continue;
	nvt_expect_free(x);
}

/* Begin a wait for l, after others, some of which were given up. */
static void
begin_again(const struct list *l, struct nvt_expect *x)
{
	for (unsigned n = below(3); n > 0; n--) {
		if (below(2) == 0)
			(void)nvt_expect_until(x, (const uint8_t *)"ab", 2);
		else
			(void)nvt_expect_patterns(x, l->patterns, 0, 0);
		if (below(2) == 0)
			nvt_expect_cancel(x, NULL);
	}
	if (nvt_expect_patterns(x, l->patterns, 0, 0) != 0)
		abort();
}

/* End a wait, with some text consumed. */
static void
leave(struct nvt_expect *x, const struct answer *a, size_t consume)
{
	if (a->which < 0)
		nvt_expect_cancel(x, NULL);
	if (a->which < 0 || a->end == 0)
		(void)nvt_expect_consume(x, consume);
}

/*
 * Wait for l again and again in one window, of which each wait consumes what
 * it found, or a few bytes.
 */
static void
run_waits(const struct list *l)
{
	struct nvt_expect_config config = { .size = sizeof(config),
		.match_limit = MATCH_LIMIT,
		.earliest = l->earliest };
	uint8_t text[LONG_TEXT_MAX + 8];
	size_t len = make_text(text, LONG_TEXT_MAX, l->utf), given = 0, begin;
	struct nvt_expect *x;
	struct answer ours;

	if (nvt_expect_new(&config, &x) != 0)
		abort();
	do {
		size_t piece = below(3) == 0 ? below(60) : len;

		if (piece > len - given)
			piece = len - given;
		if (nvt_expect_append(x, text + given, piece, 0) != 0)
			abort();
		given += piece;
		begin = given - nvt_expect_text(x).len;
		begin_again(l, x);
		poll_once(x, &ours);
		if (!compare(l, text + begin, given - begin, false, &ours))
			break;
		leave(x, &ours, 1 + below(8));
	} while (given < len || nvt_expect_text(x).len > 0);
	nvt_expect_free(x);
}

/* Wait for l as if never before. */
static void
begin_anew(const struct list *l, struct nvt_expect *x)
{
	if (nvt_expect_patterns(x, l->twin, 0, 0) != 0 ||
	    nvt_expect_patterns(x, l->patterns, 0, 0) != 0)
		abort();
}

/*
 * Two windows that drop text.  One waits for the same list always and the
 * other always begins anew: both must find the same.
 */
static void
run_twins(const struct list *l)
{
	struct nvt_expect_config config = { .size = sizeof(config),
		.text_limit = 40 + below(80),
		.match_limit = MATCH_LIMIT,
		.earliest = l->earliest };
	uint8_t text[LONG_TEXT_MAX + 8];
	size_t len = make_text(text, LONG_TEXT_MAX, l->utf), given = 0;
	struct nvt_expect *x, *y;
	struct answer ours, theirs;

	if (nvt_expect_new(&config, &x) != 0 ||
	    nvt_expect_new(&config, &y) != 0)
		abort();
	do {
		size_t piece = below(60), consume = 1 + below(8);
		struct nvt_span held;

		if (piece > len - given)
			piece = len - given;
		if (nvt_expect_append(x, text + given, piece, 0) != 0 ||
		    nvt_expect_append(y, text + given, piece, 0) != 0)
			abort();
		given += piece;
		held = nvt_expect_text(x);
		begin_again(l, x);
		begin_anew(l, y);
		poll_once(x, &ours);
		poll_once(y, &theirs);
		if (ours.which == -2 || theirs.which == -2) {
			given_up++;
			break;
		}
		checks++;
		if (!same(&ours, &theirs)) {
			judge(l, held.data, held.len, &ours, &theirs);
			break;
		}
		leave(x, &ours, consume);
		leave(y, &theirs, consume);
	} while (given < len || nvt_expect_text(x).len > 0);
	nvt_expect_free(x);
	nvt_expect_free(y);
}

int
main(int argc, char **argv)
{
	unsigned long patterns =
	    argc > 1 ? strtoul(argv[1], NULL, 0) : PATTERNS_DEFAULT;
	struct list l;

	random_state = argc > 2 ? strtoul(argv[2], NULL, 0) : 1;
	referee_data = pcre2_match_data_create(64, NULL);
	referee_limits = pcre2_match_context_create(NULL);
	pcre2_set_match_limit(referee_limits, MATCH_LIMIT);
	while (patterns > 0) {
		make_list(&l);
		for (int i = 0; i < TEXTS; i++)
			run_text(&l);
		for (int i = 0; i < LONG_TEXTS; i++) {
			run_waits(&l);
			run_twins(&l);
		}
		patterns -= l.count < patterns ? l.count : patterns;
		free_list(&l);
	}
	pcre2_match_data_free(referee_data);
	pcre2_match_context_free(referee_limits);
	printf("%lu checks, %lu differences, %lu excused, %lu given up\n",
	    checks, differences, excused, given_up);
	return differences == 0 ? 0 : 1;
}
