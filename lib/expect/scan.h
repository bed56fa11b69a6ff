/*
 * scan.h - one pattern over a text that grows, each byte looked at once.
 *
 * A pattern remembers where a match may still begin, and is resumed there.
 * The memory that PCRE2 needs for it belongs to a scanner, one per window.
 */
#ifndef NVT_EXPECT_SCAN_H
#define NVT_EXPECT_SCAN_H

#include "expect/patterns.h"
#include "expect/window.h"

/* All zero is a scanner that has not been used and has no memory. */
struct nvt__scan {
	pcre2_match_data *data;  /* of the last match */
	pcre2_match_data *spare; /* of one put aside by _swap() */
	pcre2_match_context *context;
	pcre2_jit_stack *stack; /* only once a pattern needed it */
};

/* How far one pattern is, as positions in the stream. */
struct nvt__progress {
	uint64_t part; /* where the piece of the text that is scanned begins */
	uint64_t from; /* no match begins before it */
	uint64_t due;  /* worth another look once the text ends here */
	uint64_t last; /* or here, if the text is about to be dropped */
	/* What earlier waits for the same pattern proved: nothing matches
	 * before known, in the part from known_part on, but within the
	 * pattern's reach of where the text begins now. */
	uint64_t known_part;
	uint64_t known;
	uint64_t looked; /* nothing at all matches while the text ends here */
	bool looked_ended;
};

struct nvt__found {
	size_t part; /* what the captures count from */
	size_t start;
	size_t end;
	bool edge; /* at the end of the text, or more text could change it */
};

/*
 * Make ready for patterns of up to captures groups; spare: _swap() will be
 * called.  0 or NVT_ERR_NOMEM.
 */
int nvt__scan_prepare(
    struct nvt__scan *s, uint32_t captures, uint32_t match_limit, bool spare);

/* Give back what only a wait needs, or everything. */
void nvt__scan_rest(struct nvt__scan *s);
void nvt__scan_free(struct nvt__scan *s);

/*
 * Begin a wait for a pattern in w's text.  again: g is what became of the last
 * one for it, and since then text was only appended, consumed and dropped.
 */
void nvt__scan_begin(
    struct nvt__progress *g, const struct nvt__window *w, bool again);

/*
 * Whether w's text is worth a scan now.  If not, *pause_ms is how long the line
 * must be quiet to make it so.
 */
bool nvt__scan_due(const struct nvt__progress *g, const struct nvt__pattern *p,
    const struct nvt__window *w, int *pause_ms);

/*
 * Find the first match of p in w's text.  ended: no more will come.  1 with
 * *found, 0 if there is none yet, NVT_ERR_MATCH_LIMIT or NVT_ERR_NOMEM.
 */
int nvt__scan_run(struct nvt__scan *s, const struct nvt__pattern *p,
    struct nvt__progress *g, const struct nvt__window *w, bool ended,
    struct nvt__found *found);

/* Put the last match aside, and take back the one put aside before. */
void nvt__scan_swap(struct nvt__scan *s);

#endif /* NVT_EXPECT_SCAN_H */
