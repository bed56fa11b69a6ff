/*
 * lookup.h - the addresses of a host, without waiting for them.
 *
 * A name is resolved by getaddrinfo() in a thread of its own, which outlives
 * a caller that cannot wait; a numeric address is there at once.
 */
#ifndef NVT_SESSION_LOOKUP_H
#define NVT_SESSION_LOOKUP_H

#include <netdb.h>
#include <stdbool.h>

struct nvt__lookup;

/* What came of it: a list of the lookup's, or why there is none. */
struct nvt__lookup_answer {
	const struct addrinfo *list;
	int error;  /* EAI_..., 0 if there is a list */
	int system; /* errno, where error is EAI_SYSTEM */
};

/*
 * Begin.  service NULL is port 23.  NVT_ERR_NOMEM; all else that can go wrong
 * is an answer.
 */
int nvt__lookup_new(const char *host, const char *service, int family,
    struct nvt__lookup **out);

/*
 * Forget it: the descriptor is closed, and a thread under way finishes on its
 * own.  NULL is allowed.
 */
void nvt__lookup_free(struct nvt__lookup *l);

/* Readable from the answer until it is taken; -1 if it was there at once. */
int nvt__lookup_fd(const struct nvt__lookup *l);

/* Whether the answer is there; if so it is stored, and lives as long as l. */
bool nvt__lookup_answer(struct nvt__lookup *l, struct nvt__lookup_answer *out);

const char *nvt__lookup_host(const struct nvt__lookup *l);
const char *nvt__lookup_service(const struct nvt__lookup *l);

#endif /* NVT_SESSION_LOOKUP_H */
