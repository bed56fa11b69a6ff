/*
 * ending.c - how long the end of a connection may take.
 */
#include "server/ending.h"

/*
 * Another program may have the terminal open still, and write: what it writes
 * within a moment is taken for the rest of the one that has ended.  While so
 * much waits for the peer that nothing is read, no such moment begins.
 */
static void
drain_moved(struct ending *e, uint64_t seen, size_t left, int64_t now)
{
	bool full = left > RELAY_PENDING_MAX;

	e->draining = true;
	e->seen = seen;
	e->left = left;
	e->deadline = now + (full ? ENDING_STALL_MS : ENDING_DRAIN_MS);
}

enum ending_word
ending_drain(struct ending *e, uint64_t seen, size_t left, int64_t now)
{
	if (!e->draining)
		e->first = seen;
	if (!e->draining || seen != e->seen || left != e->left)
		drain_moved(e, seen, left, now);
	if (seen - e->first > ENDING_DRAIN_MAX)
		return ENDING_DONE;
	if (now < e->deadline)
		return ENDING_WAIT;
	return left > RELAY_PENDING_MAX ? ENDING_STALLED : ENDING_DONE;
}

void
ending_flush_begin(struct ending *e, size_t left, int64_t now)
{
	e->left = left;
	e->deadline = now + (left > 0 ? ENDING_STALL_MS : ENDING_LINGER_MS);
}

enum ending_word
ending_flush(struct ending *e, size_t left, int64_t now)
{
	if (left != e->left)
		ending_flush_begin(e, left, now);
	if (now < e->deadline)
		return ENDING_WAIT;
	return left > 0 ? ENDING_STALLED : ENDING_DONE;
}
