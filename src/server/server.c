/*
 * server.c - nvt serve from its start to its end.
 */
#include "server/server.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "server/account.h"
#include "server/banner.h"
#include "server/identity.h"
#include "server/listener.h"
#include "server/log.h"
#include "server/port_file.h"
#include "server/program.h"
#include "server/signals.h"
#include "server/sockets.h"

enum { HOST_MAX = 64 };

/* The machine's name up to its first dot, as prompts have it. */
static void
find_host(char *out, size_t size)
{
	if (gethostname(out, size) != 0)
		out[0] = '\0';
	out[size - 1] = '\0';
	out[strcspn(out, ".")] = '\0';
	if (out[0] == '\0')
		snprintf(out, size, "nvt");
}

static int
check_addresses(const struct server_config *config, struct report *why)
{
	struct address_text text;

	for (size_t i = 0; i < config->listen_count; i++) {
		if (address_is_loopback(&config->listen[i]) ||
		    config->allow_plaintext)
			continue;
		address_text(&config->listen[i], &text);
		return report_set(why,
		    "%s: not a loopback address. There is no TLS yet: "
		    "passwords and all else would cross the network for "
		    "anyone to read. --allow-plaintext if that is meant",
		    text.address);
	}
	return 0;
}

/* What would keep an account from ever logging in is said now, not then. */
static int
check_accounts(const struct server_config *config, struct report *why)
{
	struct identity id;
	struct report problem;
	struct accounts accounts;
	struct account account;
	size_t pos = 0;

	if (config->accounts == NULL)
		return identity_find(NULL, config->user, &id, why);
	if (accounts_read(config->accounts, &accounts, why) != 0)
		return -1;
	while (accounts_next(&accounts, &pos, &account))
		if (!account.locked &&
		    identity_find(account.name, config->user, &id, &problem) !=
			0)
			log_event("account %s cannot log in: %s", account.name,
			    problem.text);
	hash_forget(&account, sizeof(account));
	accounts_free(&accounts);
	return 0;
}

static int
check_user(const struct server_config *config, struct report *why)
{
	struct identity id;

	if (config->user == NULL)
		return 0;
	if (identity_find(config->user, NULL, &id, why) != 0)
		return report_set(why, "%s: no such user", config->user);
	if (strcmp(id.name, config->user) != 0)
		return report_set(
		    why, "only root can run programs as %s", config->user);
	return 0;
}

static int
check_program(const struct server_config *config, struct report *why)
{
	if (config->program == NULL)
		return 0;
	return program_check(config->program[0], config->env, why);
}

static int
listen_and_run(const struct server_config *config, const struct banner *banner,
    struct report *why)
{
	struct port_file file = { NULL, 0, 0 };
	struct sockets sockets;
	int signals, status;

	if (sockets_open(config, &sockets, why) != 0)
		return -1;
	signals = signals_open();
	if (signals < 0) {
		sockets_close(&sockets);
		return report_errno(why, "signals");
	}
	/* Who has read that we listen finds the file there. */
	status = port_file_write(config->port_file, &sockets, &file, why);
	if (status == 0)
		status = sockets_announce(&sockets, why);
	if (status == 0)
		status = listener_run(config, banner, &sockets, signals, why);
	port_file_remove(&file);
	sockets_close(&sockets);
	return status;
}

int
server_run(const struct server_config *config, struct report *why)
{
	struct server_config own = *config;
	static struct banner banner;
	char host[HOST_MAX + 1];

	if (own.host == NULL) {
		find_host(host, sizeof(host));
		own.host = host;
	}
	if (check_addresses(&own, why) != 0 || check_user(&own, why) != 0 ||
	    check_program(&own, why) != 0 || check_accounts(&own, why) != 0 ||
	    banner_read(own.banner, &banner, why) != 0)
		return -1;
	return listen_and_run(&own, &banner, why);
}
