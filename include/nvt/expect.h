/*
 * nvt/expect.h - waiting for text: a window of text, and what is awaited.
 *
 * No I/O and no clock: text goes in with nvt_expect_append() and the time is
 * passed in.  Begin a wait with nvt_expect_until() or nvt_expect_patterns(),
 * then ask nvt_expect_poll() after each append and at each deadline.  The time
 * to decide is linear in the text, whatever the pieces that it came in, and
 * however many waits in a row for one list share it.
 */
#ifndef NVT_EXPECT_H
#define NVT_EXPECT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <nvt/error.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Patterns.  PCRE2 over bytes, with ^ and $ at the ends of the text and, where
 * NVT_PATTERN_MULTILINE says so, of lines; a line ends in CR, LF or CR LF.
 */
enum nvt_pattern_flags {
	NVT_PATTERN_LITERAL = 1,	/* not a pattern: these very bytes */
	NVT_PATTERN_CASELESS = 2,
	NVT_PATTERN_MULTILINE = 4,
	NVT_PATTERN_DOTALL = 8,		/* . is any byte */
	NVT_PATTERN_LF = 16,		/* a line ends in LF alone, as in Python */
	NVT_PATTERN_UTF = 32		/* text and pattern are UTF-8 */
};

struct nvt_pattern {
	const char	*text;		/* len bytes; NULs allowed */
	size_t		 len;
	unsigned	 flags;		/* enum nvt_pattern_flags */
};

/* A compiled list: immutable, counted, shared by sessions and threads. */
struct nvt_patterns;

/* Where a pattern of a list did not compile, and why. */
struct nvt_pattern_error {
	size_t	which;			/* index in the list */
	size_t	offset;			/* bytes into its text */
	char	text[128];		/* PCRE2's words */
};

/* Steps that one match may take unless told otherwise. */
#define NVT_MATCH_LIMIT_DEFAULT	10000000u

/*
 * Compile count patterns (0 is allowed: it never matches).  error may be NULL.
 * NVT_ERR_PATTERN with error filled in, NVT_ERR_NOMEM; NVT_ERR_ARG for a flag
 * that is none.
 */
NVT_API int	nvt_patterns_new(const struct nvt_pattern *list,
		    size_t count, struct nvt_patterns **out,
		    struct nvt_pattern_error *error);
NVT_API struct nvt_patterns	*nvt_patterns_ref(struct nvt_patterns *p);
/* Drop one reference; the last frees.  NULL is allowed. */
NVT_API void	nvt_patterns_free(struct nvt_patterns *p);
NVT_API size_t	nvt_patterns_count(const struct nvt_patterns *p);
/* The number of a named group of pattern which, or -1. */
NVT_API int	nvt_patterns_group(const struct nvt_patterns *p,
		    size_t which, const char *name);

struct nvt_expect;

/* Bytes of text kept at most unless told otherwise. */
#define NVT_TEXT_LIMIT_DEFAULT	((size_t)16 << 20)

struct nvt_expect_config {
	size_t		size;		/* sizeof(struct nvt_expect_config) */
	size_t		text_limit;	/* 0: the default; SIZE_MAX: none */
	uint32_t	match_limit;	/* 0: NVT_MATCH_LIMIT_DEFAULT */
	bool		earliest;	/* earliest match in the text wins, not
					 * the first pattern of the list */
};

struct nvt_span {
	const uint8_t	*data;		/* NULL: a group that took no part */
	size_t		 len;
};

/*
 * What came of a wait.  All pointers are into the window and live until the
 * next call on it that is not a query.
 */
struct nvt_match {
	int		 which;		/* index in the list; -1: none */
	struct nvt_span	 all;		/* the text so far: before + matched if
					 * there is a match, else all of it */
	struct nvt_span	 before;
	struct nvt_span	 matched;
	struct nvt_span	 after;		/* what came behind it; still there */
	size_t		 captures;	/* groups of the pattern, without 0 */
	uint64_t	 dropped;	/* bytes lost to text_limit before all */
	bool		 at_edge;	/* the match touched the end of the text
					 * when it was believed: it ended there,
					 * or more text could have changed it */
};

/* config may be NULL.  NVT_ERR_NOMEM, NVT_ERR_ARG. */
NVT_API int	nvt_expect_new(const struct nvt_expect_config *config,
		    struct nvt_expect **out);
NVT_API void	nvt_expect_free(struct nvt_expect *x);

/*
 * Text arrived, at now (ms, monotonic; only settle uses it).  Over text_limit
 * the oldest text goes and is counted.  NVT_ERR_NOMEM: nothing was appended.
 * NVT_ERR_STATE: after nvt_expect_end().
 */
NVT_API int	nvt_expect_append(struct nvt_expect *x,
		    const uint8_t *data, size_t len, int64_t now);

/* No more text will come: what waits for the line to be quiet is decided. */
NVT_API void	nvt_expect_end(struct nvt_expect *x);

/*
 * Begin to wait, for a string or for any of a list.  A wait under way is
 * forgotten.  The string is copied; the list is referenced until the wait is
 * over.  settle_ms: a match that touches the end of the text is believed only
 * once no text has come for that long, since the wait began; till then one that
 * does not goes before it.  0 believes it at once.  NVT_ERR_NOMEM, with the
 * wait that was under way as it was; NVT_ERR_ARG.
 */
NVT_API int	nvt_expect_until(struct nvt_expect *x,
		    const uint8_t *needle, size_t len);
NVT_API int	nvt_expect_patterns(struct nvt_expect *x,
		    struct nvt_patterns *patterns, int settle_ms,
		    int64_t now);

/*
 * Decide.  1: *match says what, and its text is consumed: the window's text
 * now begins behind it.  0: not yet; *match is untouched.  NVT_ERR_MATCH_LIMIT:
 * a pattern (match->which) needs too many steps; the wait is over and nothing
 * is consumed.  NVT_ERR_STATE: no wait.  NVT_ERR_NOMEM.
 */
NVT_API int	nvt_expect_poll(struct nvt_expect *x, int64_t now,
		    struct nvt_match *match);

/* When to poll again though no text comes; -1: no need. */
NVT_API int64_t	nvt_expect_deadline(const struct nvt_expect *x);

/* Give the wait up: the text stays, and *match shows it as all. */
NVT_API void	nvt_expect_cancel(struct nvt_expect *x,
		    struct nvt_match *match);

/* Whether a wait is under way. */
NVT_API bool	nvt_expect_waiting(const struct nvt_expect *x);

/*
 * Group number group of the last match: 0 is the match itself.  NVT_ERR_ARG
 * if the pattern has no such group; NVT_ERR_STATE if there is no match, or its
 * pointers live no longer.
 */
NVT_API int	nvt_expect_capture(const struct nvt_expect *x, size_t group,
		    struct nvt_span *out);

/* The text in the window that is not consumed, and its end. */
NVT_API struct nvt_span	nvt_expect_text(const struct nvt_expect *x);
NVT_API bool	nvt_expect_ended(const struct nvt_expect *x);
/* Bytes that may be appended before old text is dropped. */
NVT_API size_t	nvt_expect_room(const struct nvt_expect *x);
/* Bytes of text dropped over the life of the window. */
NVT_API uint64_t	nvt_expect_dropped(const struct nvt_expect *x);

/*
 * Consume the first len bytes of the window, or all if it has fewer.  Not
 * during a wait: NVT_ERR_STATE.
 */
NVT_API int	nvt_expect_consume(struct nvt_expect *x, size_t len);

/* Give back memory that the window does not need. */
NVT_API void	nvt_expect_trim(struct nvt_expect *x);

#ifdef __cplusplus
}
#endif

#endif /* NVT_EXPECT_H */
