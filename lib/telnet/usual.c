/*
 * usual.c - the policies that most programs want.
 */
#include "telnet/engine.h"

struct usual {
	uint8_t option;
	uint8_t client_local; /* enum nvt_policy, all four */
	uint8_t client_remote;
	uint8_t server_local;
	uint8_t server_remote;
};

/*
 * A client refuses to ECHO (two that echo each other never stop, RFC 857) and
 * to LOGOUT, which is an order to hang up.  A server does not ask for the
 * peer's SGA: busybox's client never answers that.
 */
/* clang-format off */
static const struct usual usual[] = {
	/*                     client                    server             */
	/*                     local        remote       local        remote */
	{ NVT_OPT_BINARY,      NVT_ACCEPT,  NVT_ACCEPT,  NVT_ACCEPT,  NVT_ACCEPT },
	{ NVT_OPT_ECHO,        NVT_REFUSE,  NVT_ACCEPT,  NVT_ASK,     NVT_REFUSE },
	{ NVT_OPT_SGA,         NVT_ACCEPT,  NVT_ACCEPT,  NVT_ASK,     NVT_ACCEPT },
	{ NVT_OPT_STATUS,      NVT_ACCEPT,  NVT_ACCEPT,  NVT_ACCEPT,  NVT_REFUSE },
	{ NVT_OPT_TIMING_MARK, NVT_ACCEPT,  NVT_REFUSE,  NVT_ACCEPT,  NVT_REFUSE },
	{ NVT_OPT_LOGOUT,      NVT_REFUSE,  NVT_REFUSE,  NVT_ACCEPT,  NVT_REFUSE },
	{ NVT_OPT_TTYPE,       NVT_REFUSE,  NVT_REFUSE,  NVT_REFUSE,  NVT_ASK },
	{ NVT_OPT_EOR,         NVT_ACCEPT,  NVT_ACCEPT,  NVT_ACCEPT,  NVT_ACCEPT },
	{ NVT_OPT_NAWS,        NVT_REFUSE,  NVT_REFUSE,  NVT_REFUSE,  NVT_ASK },
};
/* clang-format on */

enum { USUAL_COUNT = sizeof(usual) / sizeof(usual[0]) };

/* A row that refuses leaves alone what a value was given for. */
static void
set_usual(
    struct nvt_telnet *t, enum nvt_side side, uint8_t option, uint8_t policy)
{
	if (policy != NVT_REFUSE)
		nvt_telnet_set_policy(t, side, option, (enum nvt_policy)policy);
}

void
nvt_telnet_set_usual(struct nvt_telnet *t)
{
	bool client = t->role == NVT_CLIENT;

	for (size_t i = 0; i < USUAL_COUNT; i++) {
		const struct usual *u = &usual[i];

		set_usual(t, NVT_LOCAL, u->option,
		    client ? u->client_local : u->server_local);
		set_usual(t, NVT_REMOTE, u->option,
		    client ? u->client_remote : u->server_remote);
	}
}
