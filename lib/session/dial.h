/*
 * dial.h - from a name to a connected socket: RFC 8305, without blocking.
 *
 * New, then wait for _fd() as _wants() says or for _deadline(), and step
 * until there is a socket or an error.
 */
#ifndef NVT_SESSION_DIAL_H
#define NVT_SESSION_DIAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct nvt__dial;

/* Give up at deadline, -1 meaning never.  NVT_ERR_NOMEM. */
int nvt__dial_new(const char *host, const char *service, int family,
    int64_t deadline, struct nvt__dial **out);

/* Closes what is under way.  NULL is allowed. */
void nvt__dial_free(struct nvt__dial *d);

/* An earlier deadline holds. */
void nvt__dial_limit(struct nvt__dial *d, int64_t deadline);

/*
 * 0 and a connected socket, the caller's; NVT_ERR_AGAIN; or NVT_ERR_RESOLVE,
 * _CONNECT, _TIMEOUT, _NOMEM, explained by the two functions below.
 */
int nvt__dial_step(struct nvt__dial *d, int64_t now, int *fd);

/* What failed and why, such as "cannot connect to r1 port 23: timed out". */
void
nvt__dial_explain(const struct nvt__dial *d, int err, char *out, size_t size);
/* The errno or EAI_... of the failure, or 0. */
int nvt__dial_system_error(const struct nvt__dial *d);

bool nvt__dial_is_resolving(const struct nvt__dial *d);
int nvt__dial_fd(const struct nvt__dial *d);
unsigned nvt__dial_wants(const struct nvt__dial *d);
int64_t nvt__dial_deadline(const struct nvt__dial *d);

#endif /* NVT_SESSION_DIAL_H */
