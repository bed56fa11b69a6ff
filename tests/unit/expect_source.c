/*
 * expect_source.c - random patterns, for the tests that compare two matchers.
 */
#include "expect_source.h"

#include <stdio.h>
#include <string.h>

#include <nvt/expect.h>

uint64_t random_state;

/* splitmix64. */
unsigned
below(unsigned n)
{
	uint64_t z = (random_state += 0x9e3779b97f4a7c15u);

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
	return (unsigned)((z ^ (z >> 31)) >> 33) % n;
}

static void
put(struct source *s, const char *what)
{
	size_t n = strlen(what);

	if (s->len + n < PATTERN_MAX) {
		memcpy(s->text + s->len, what, n);
		s->len += n;
	}
}

static void put_alternatives(struct source *s, int depth);

static void
put_atom(struct source *s)
{
	static const char *const plain[] = { "a", "b", "#", ">", " ", "\\n",
		"\\r", ".", "\\s", "\\w", "\\W", "\\S", "[ab]", "[^a]", "[a#>]",
		"\\R", "ab", "b#", "a ", "[\\r\\n]", "\\N", "\\d" };
	static const char *const wide[] = { "\xc3\xa9", "[\xc3\xa9z]",
		"[^\xc3\xa9]", "\xe2\x82\xac", "\\X", "\\p{L}" };

	if ((s->flags & NVT_PATTERN_UTF) && below(4) == 0)
		put(s, PICK(wide));
	else
		put(s, PICK(plain));
}

static void
put_assertion(struct source *s)
{
	static const char *const simple[] = { "^", "$", "^", "$", "\\b", "\\B",
		"\\Z", "\\z", "\\K" };
	/* In UTF-8 these match behind bytes that are none, too. */
	static const char *const beginning[] = { "\\A", "\\G" };

	if (!(s->flags & NVT_PATTERN_UTF) && below(5) == 0)
		put(s, PICK(beginning));
	else
		put(s, PICK(simple));
}

static void
put_group(struct source *s, int depth)
{
	static const char *const opening[] = { "(", "(",
		"(?:", "(?:", "(?=", "(?!", "(?>", "(?<=", "(?<!", "(?|",
		"(?i:", "(?s:", "(?m:", "(?-m:", "(?-s:", "(?m-s:" };
	const char *open = PICK(opening);

	if (strcmp(open, "(") == 0)
		s->groups++;
	put(s, open);
	put_alternatives(s, depth - 1);
	put(s, ")");
}

static void
put_rare(struct source *s)
{
	static const char *const calls[] = { "(?R)?", "(?1)" };
	static const char *const rare[] = { "(?(1)a|b)", "\\Q.#\\E", "(?#b)",
		"[[:space:]]", "(*atomic:a+)", "(*nlb:a)", "\\x0a", "\\h",
		"\\v", "\\V" };
	/* In UTF-8 these stop at bytes that are none. */
	static const char *const verbs[] = { "(*COMMIT)", "(*SKIP)", "(*PRUNE)",
		"(*THEN)", "(*F)", "(*ACCEPT)" };

	if (!(s->flags & NVT_PATTERN_UTF) && below(3) == 0)
		put(s, PICK(verbs));
	else if (below(6) == 0)
		s->recurses = (put(s, PICK(calls)), true);
	else
		put(s, PICK(rare));
}

static void
put_item(struct source *s, int depth)
{
	static const char *const many[] = { "*", "+", "?", "{2}", "{0,2}",
		"{1,3}", "*?", "+?", "??", "{1,}" };
	static const char *const grasping[] = { "*+", "++", "?+" };
	/* JIT keeps a group's capture from a start that failed: "(#)*+x|ab"
	 * on "#ab". */
	bool possessive = true;
	char reference[16];
	unsigned kind = below(40);

	if (kind < 6) {
		put_assertion(s);
		return;
	}
	if (kind == 6) {
		put_rare(s);
		return;
	}
	if (kind == 7 && s->groups > 0) {
		snprintf(reference, sizeof(reference), "\\%u",
		    1 + below((unsigned)s->groups));
		put(s, reference);
	} else if (kind < 16 && depth > 0) {
		put_group(s, depth);
		possessive = false;
	} else {
		put_atom(s);
	}
	if (possessive && below(12) == 0)
		put(s, PICK(grasping));
	else if (below(3) == 0)
		put(s, PICK(many));
}

static void
put_alternatives(struct source *s, int depth)
{
	do {
		for (unsigned n = below(4) + (below(8) != 0); n > 0; n--)
			put_item(s, depth);
	} while (below(5) == 0 && (put(s, "|"), true));
}

void
make_source(struct source *s, unsigned utf)
{
	static const unsigned modes[] = { 0, NVT_PATTERN_MULTILINE,
		NVT_PATTERN_MULTILINE | NVT_PATTERN_LF, NVT_PATTERN_DOTALL,
		NVT_PATTERN_LF, NVT_PATTERN_LITERAL,
		NVT_PATTERN_DOTALL | NVT_PATTERN_MULTILINE };

	memset(s, 0, sizeof(*s));
	s->flags = PICK(modes) | utf;
	if (below(8) == 0)
		s->flags |= NVT_PATTERN_CASELESS;
	put_alternatives(s, 2);
}
