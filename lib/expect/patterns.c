/*
 * patterns.c - compiling a list of patterns, and sharing it.
 */
#include "expect/patterns.h"

#include <stdlib.h>
#include <string.h>

enum {
	FLAGS_ALL = NVT_PATTERN_LITERAL | NVT_PATTERN_CASELESS |
	    NVT_PATTERN_MULTILINE | NVT_PATTERN_DOTALL | NVT_PATTERN_LF |
	    NVT_PATTERN_UTF,
	/* Bytes of a character. */
	UTF8_MAX = 4,
	/* PCRE2 allows more; so far a rescan is not worth avoiding. */
	REACH_MAX = 256
};

/* What the text of a pattern tells about how it can be scanned. */
struct traits {
	bool anchors_at_start; /* minds where the scan began */
	bool fools_optimiser;  /* PCRE2's start optimiser may miss a match */
	bool recurses;         /* calls a group, maybe for ever */
	bool looks_far_back;   /* \X counts the flags before it */
	size_t lookbehinds;    /* at least as many as there are */
};

static bool
begins(const char *text, size_t len, const char *with)
{
	size_t n = strlen(with);

	return len >= n && memcmp(text, with, n) == 0;
}

/*
 * Verbs that give up, or skip, later starts on account of an earlier one, so
 * that where the scan began shows in the result.
 */
static bool
is_verb(const char *text, size_t len)
{
	static const char *const verbs[] = { "(*ACCEPT", "(*COMMIT", "(*PRUNE",
		"(*SKIP", "(*THEN", "(*:", "(*MARK" };

	for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++)
		if (begins(text, len, verbs[i]))
			return true;
	return false;
}

/*
 * A group that is more than brackets and a name: an assertion, a condition, a
 * call, and so on.
 */
static bool
is_special_group(const char *text, size_t len)
{
	if (begins(text, len, "(*"))
		return true;
	if (!begins(text, len, "(?") || len < 4)
		return false;
	if (text[2] == '<')
		return text[3] == '=' || text[3] == '!' || text[3] == '*';
	if (text[2] == 'P')
		return text[3] != '<';
	return strchr("=!>(*&+-0123456789R|", text[2]) != NULL;
}

/* What a backslash makes a reference to a group, or \K. */
static bool
is_reference(char c)
{
	return (c >= '1' && c <= '9') || c == 'g' || c == 'k' || c == 'K';
}

/* A call of a group: (?R) (?1) (?+1) (?-1) (?&name) (?P>name) \g<name>. */
static bool
is_call(const char *text, size_t len)
{
	if (begins(text, len, "\\g"))
		return len > 2 && (text[2] == '<' || text[2] == '\'');
	if (begins(text, len, "(?-"))
		return len > 3 && text[3] >= '0' && text[3] <= '9';
	if (begins(text, len, "(?P"))
		return len > 3 && text[3] == '>';
	return begins(text, len, "(?") && len > 2 &&
	    strchr("0123456789R+&", text[2]) != NULL;
}

/* (?<= (?<! (?<* (*plb: and its like; and others. */
static bool
may_look_behind(const char *text, size_t len)
{
	return begins(text, len, "(?<") || begins(text, len, "(*");
}

/*
 * Read the traits off the text.  It is not parsed: brackets in a class count
 * too, which costs speed and nothing else.
 */
static struct traits
traits_of(const char *text, size_t len)
{
	struct traits t = { 0 };

	for (size_t i = 0; i < len; i++) {
		t.recurses |= is_call(text + i, len - i);
		if (text[i] == '\\' && i + 1 < len) {
			i++;
			t.anchors_at_start |= text[i] == 'G';
			t.looks_far_back |= text[i] == 'X';
			t.fools_optimiser |= is_reference(text[i]);
			continue;
		}
		t.anchors_at_start |= is_verb(text + i, len - i);
		t.fools_optimiser |= is_special_group(text + i, len - i);
		t.lookbehinds += may_look_behind(text + i, len - i);
	}
	return t;
}

static uint32_t
options_of(unsigned flags, const struct traits *t)
{
	uint32_t options = 0;

	if (flags & NVT_PATTERN_CASELESS)
		options |= PCRE2_CASELESS;
	if (flags & NVT_PATTERN_UTF)
		options |= PCRE2_UTF;
	if (flags & NVT_PATTERN_LITERAL)
		return options | PCRE2_LITERAL;
	if (flags & NVT_PATTERN_MULTILINE)
		options |= PCRE2_MULTILINE;
	if (flags & NVT_PATTERN_DOTALL)
		options |= PCRE2_DOTALL;
	/* (*UTF) in the pattern would make bytes that are none an error. */
	if (!(flags & NVT_PATTERN_UTF))
		options |= PCRE2_NEVER_UTF;
	if (t->fools_optimiser)
		options |= PCRE2_NO_START_OPTIMIZE;
	/* Else a line that has not begun yet has no beginning. */
	return options | PCRE2_ALT_CIRCUMFLEX;
}

/*
 * How far before its beginning a match can see: as far as each lookbehind in
 * another, one character for ^ and \b in the innermost, one for the CR that a
 * match does not begin behind; and what is left of one that was cut in two.
 */
static size_t
reach_of(const struct nvt__pattern *p, const struct traits *t)
{
	uint32_t back = 0;
	size_t depth = t->lookbehinds > 0 ? t->lookbehinds : 1;

	if (!p->resumable || t->looks_far_back)
		return 0;
	pcre2_pattern_info(p->code, PCRE2_INFO_MAXLOOKBEHIND, &back);
	if (back > REACH_MAX || depth > REACH_MAX)
		return 0;
	return p->utf ? (back * depth + 3) * UTF8_MAX : back * depth + 2;
}

/* PCRE2's error number to ours; where and why to error. */
static int
refuse(struct nvt_pattern_error *error, size_t which, int number, size_t offset)
{
	if (number == PCRE2_ERROR_HEAP_FAILED)
		return NVT_ERR_NOMEM;
	if (error != NULL) {
		error->which = which;
		error->offset = offset;
		pcre2_get_error_message(
		    number, (PCRE2_UCHAR *)error->text, sizeof(error->text));
	}
	return NVT_ERR_PATTERN;
}

static int
compile(struct nvt__pattern *p, const struct nvt_pattern *from, size_t which,
    struct nvt_pattern_error *error)
{
	const char *text = from->text == NULL ? "" : from->text;
	struct traits traits = { 0 };
	pcre2_compile_context *context;
	PCRE2_SIZE offset;
	size_t jit_size = 0;
	int number;

	context = pcre2_compile_context_create(NULL);
	if (context == NULL)
		return NVT_ERR_NOMEM;
	pcre2_set_newline(context,
	    from->flags & NVT_PATTERN_LF ? PCRE2_NEWLINE_LF :
					   PCRE2_NEWLINE_ANYCRLF);
	if (!(from->flags & NVT_PATTERN_LITERAL))
		traits = traits_of(text, from->len);
	p->code = pcre2_compile((PCRE2_SPTR)text, from->len,
	    options_of(from->flags, &traits), &number, &offset, context);
	pcre2_compile_context_free(context);
	if (p->code == NULL)
		return refuse(error, which, number, offset);
	p->utf = (from->flags & NVT_PATTERN_UTF) != 0;
	/* A refusal, be it of executable memory, is no failure: without JIT
	 * the scanner falls back.  And only the interpreter counts calls, and
	 * sees that `(a|(?1)b)` calls itself for ever. */
	if (!traits.recurses)
		(void)pcre2_jit_compile(
		    p->code, PCRE2_JIT_COMPLETE | PCRE2_JIT_PARTIAL_HARD);
	pcre2_pattern_info(p->code, PCRE2_INFO_JITSIZE, &jit_size);
	pcre2_pattern_info(p->code, PCRE2_INFO_CAPTURECOUNT, &p->captures);
	p->resumable = jit_size > 0 && !traits.anchors_at_start;
	p->reach = reach_of(p, &traits);
	return 0;
}

static bool
valid(const struct nvt_pattern *list, size_t count)
{
	if (list == NULL && count > 0)
		return false;
	for (size_t i = 0; i < count; i++) {
		if (list[i].text == NULL && list[i].len > 0)
			return false;
		if (list[i].flags & ~(unsigned)FLAGS_ALL)
			return false;
	}
	return true;
}

static struct nvt_patterns *
allocate(size_t count)
{
	static atomic_size_t serial;
	struct nvt_patterns *p;

	if (count > (SIZE_MAX - sizeof(*p)) / sizeof(p->list[0]))
		return NULL;
	p = calloc(1, sizeof(*p) + count * sizeof(p->list[0]));
	if (p == NULL)
		return NULL;
	atomic_init(&p->refs, 1);
	p->serial =
	    1 + atomic_fetch_add_explicit(&serial, 1, memory_order_relaxed);
	p->count = count;
	return p;
}

int
nvt_patterns_new(const struct nvt_pattern *list, size_t count,
    struct nvt_patterns **out, struct nvt_pattern_error *error)
{
	struct nvt_patterns *p;
	int err;

	if (!valid(list, count) || count > INT32_MAX)
		return NVT_ERR_ARG;
	p = allocate(count);
	if (p == NULL)
		return NVT_ERR_NOMEM;
	for (size_t i = 0; i < count; i++) {
		err = compile(&p->list[i], &list[i], i, error);
		if (err != 0) {
			nvt_patterns_free(p);
			return err;
		}
		if (p->list[i].captures > p->captures_max)
			p->captures_max = p->list[i].captures;
	}
	*out = p;
	return 0;
}

struct nvt_patterns *
nvt_patterns_ref(struct nvt_patterns *p)
{
	if (p != NULL)
		atomic_fetch_add_explicit(&p->refs, 1, memory_order_relaxed);
	return p;
}

void
nvt_patterns_free(struct nvt_patterns *p)
{
	if (p == NULL)
		return;
	if (atomic_fetch_sub_explicit(&p->refs, 1, memory_order_acq_rel) > 1)
		return;
	for (size_t i = 0; i < p->count; i++)
		pcre2_code_free(p->list[i].code);
	free(p);
}

size_t
nvt_patterns_count(const struct nvt_patterns *p)
{
	return p->count;
}

int
nvt_patterns_group(const struct nvt_patterns *p, size_t which, const char *name)
{
	int group;

	if (which >= p->count)
		return -1;
	group = pcre2_substring_number_from_name(
	    p->list[which].code, (PCRE2_SPTR)name);
	return group < 0 ? -1 : group;
}
