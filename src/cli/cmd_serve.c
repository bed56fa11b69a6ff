/*
 * cmd_serve.c - nvt serve: log in over Telnet, get a terminal.
 */
#include <stdio.h>
#include <string.h>

#include "cli/command.h"
#include "cli/complain.h"
#include "server/server.h"

enum {
	OPT_PORT = 1,
	OPT_LISTEN,
	OPT_ALLOW_PLAINTEXT,
	OPT_PORT_FILE,
	OPT_ACCOUNTS,
	OPT_NO_LOGIN,
	OPT_USER,
	OPT_BANNER,
	OPT_NAME,
	OPT_ENV,
	OPT_MAX,
	OPT_TRIES,
	OPT_FAIL_DELAY,
	OPT_GRACE
};

/* clang-format off */
static const struct option_spec options[] = {
	{ OPT_ACCOUNTS, 'a', "accounts", "FILE",
	    "who may log in: lines of USER:HASH; see nvt passwd" },
	{ OPT_LISTEN, 'l', "listen", "ADDR[:PORT]",
	    "listen there (127.0.0.1 and ::1); may be repeated" },
	{ OPT_PORT, 'p', "port", "N",
	    "where no --listen says which (2323); 0 takes any" },
	{ OPT_PORT_FILE, 0, "port-file", "FILE",
	    "write ADDR and port there, a line each" },
	{ OPT_ALLOW_PLAINTEXT, 0, "allow-plaintext", NULL,
	    "listen on other addresses than loopback, without TLS" },
	{ OPT_NO_LOGIN, 0, "no-login", NULL,
	    "ask for no password; needs a PROGRAM" },
	{ OPT_USER, 'u', "user", "NAME",
	    "as root: run accounts that are no system users as NAME" },
	{ OPT_ENV, 'e', "env", "NAME=VALUE",
	    "set in the program's environment; may be repeated" },
	{ OPT_BANNER, 'b', "banner", "FILE",
	    "show this text before the first prompt" },
	{ OPT_NAME, 'n', "name", "NAME",
	    "of this host, for the prompt" },
	{ OPT_MAX, 'm', "max", "N",
	    "connections at once (100)" },
	{ OPT_TRIES, 0, "tries", "N",
	    "logins before the connection is closed (3)" },
	{ OPT_FAIL_DELAY, 0, "fail-delay", "SECONDS",
	    "before a wrong login is answered (2)" },
	{ OPT_GRACE, 0, "login-grace", "SECONDS",
	    "in which to log in (60)" },
	{ 0, 0, NULL, NULL, NULL },
};
/* clang-format on */

struct request {
	struct server_config config;
	bool no_login;
};

static bool
set_port(
    const struct options *o, struct server_config *config, const char *value)
{
	if (address_parse_port(value, &config->port) == 0)
		return true;
	complain(
	    o->command, "--port: %s is not a number from 0 to 65535", value);
	return false;
}

static bool
add_listen(
    const struct options *o, struct server_config *config, const char *value)
{
	struct report why;

	if (config->listen_count == SERVER_LISTEN_MAX) {
		complain(o->command, "--listen: more than %d times",
		    SERVER_LISTEN_MAX);
		return false;
	}
	if (address_parse(value, &config->listen[config->listen_count], &why) !=
	    0) {
		complain(o->command, "--listen: %s", why.text);
		return false;
	}
	config->listen_count++;
	return true;
}

static bool
add_env(
    const struct options *o, struct server_config *config, const char *value)
{
	size_t n = 0;

	while (config->env[n] != NULL)
		n++;
	if (n == SERVER_ENV_MAX) {
		complain(
		    o->command, "--env: more than %d times", SERVER_ENV_MAX);
		return false;
	}
	if (value[0] == '=' || strchr(value, '=') == NULL) {
		complain(o->command, "--env: %s is not NAME=VALUE", value);
		return false;
	}
	config->env[n] = value;
	return true;
}

/* One option that is a limit or a time. */
static bool
take_limit(const struct options *o, int id, const char *value,
    struct server_config *config)
{
	switch (id) {
	case OPT_MAX:
		return options_number(o, "max", value, 1, 100000, &config->max);
	case OPT_TRIES:
		return options_number(
		    o, "tries", value, 1, 100, &config->tries);
	case OPT_FAIL_DELAY:
		return options_seconds(
		    o, "fail-delay", value, 0, &config->fail_delay_ms);
	default:
		return options_seconds(
		    o, "login-grace", value, 1, &config->grace_ms);
	}
}

/* One option; false: said what is wrong. */
static bool
take(const struct options *o, int id, const char *value, struct request *r)
{
	switch (id) {
	case OPT_PORT:
		return set_port(o, &r->config, value);
	case OPT_LISTEN:
		return add_listen(o, &r->config, value);
	case OPT_ENV:
		return add_env(o, &r->config, value);
	case OPT_ALLOW_PLAINTEXT:
		r->config.allow_plaintext = true;
		return true;
	case OPT_NO_LOGIN:
		r->no_login = true;
		return true;
	case OPT_PORT_FILE:
		r->config.port_file = value;
		return true;
	case OPT_ACCOUNTS:
		r->config.accounts = value;
		return true;
	case OPT_USER:
		r->config.user = value;
		return true;
	case OPT_BANNER:
		r->config.banner = value;
		return true;
	case OPT_NAME:
		r->config.host = value;
		return true;
	case OPTIONS_OPERAND:
		complain(o->command, "%s: a program goes behind --", value);
		return false;
	default:
		return take_limit(o, id, value, &r->config);
	}
}

/* What the options say only together. */
static bool
check(const struct options *o, struct request *r)
{
	char **rest = options_rest(o);

	if (rest != NULL && rest[0] == NULL) {
		complain(o->command, "--: no program behind it");
		return false;
	}
	r->config.program = rest;
	if (r->no_login && r->config.accounts != NULL) {
		complain(o->command, "either --accounts or --no-login");
		return false;
	}
	if (r->no_login && rest == NULL) {
		complain(o->command,
		    "--no-login: name the program, such as -- /bin/date");
		return false;
	}
	if (!r->no_login && r->config.accounts == NULL) {
		complain(o->command,
		    "--accounts FILE is missing; nvt passwd "
		    "makes its lines");
		return false;
	}
	return true;
}

static enum status
exec(const struct command *self, int argc, char **argv)
{
	struct request r = { .config = {
				 .port = SERVER_PORT_DEFAULT,
				 .max = SERVER_MAX_DEFAULT,
				 .tries = SERVER_TRIES_DEFAULT,
				 .fail_delay_ms = SERVER_FAIL_DELAY_DEFAULT,
				 .grace_ms = SERVER_GRACE_DEFAULT,
			     } };
	const char *value = NULL;
	struct report why;
	struct options o;
	int id;

	(void)argc;
	options_init(&o, self->options, argv);
	while ((id = options_next(&o, &value)) != OPTIONS_END) {
		if (id == OPTIONS_HELP)
			return command_help_print(self);
		if (id == OPTIONS_ERROR || !take(&o, id, value, &r))
			return STATUS_USAGE;
	}
	if (!check(&o, &r))
		return STATUS_USAGE;
	if (server_run(&r.config, &why) == 0)
		return STATUS_DONE;
	complain(self->name, "%s", why.text);
	return STATUS_FAILED;
}

const struct command command_serve = {
	.name = "serve",
	.summary = "Let people log in over Telnet",
	.usage = "--accounts FILE [OPTIONS] [-- PROGRAM [ARGUMENT ...]]",
	.usage_too = "--no-login [OPTIONS] -- PROGRAM [ARGUMENT ...]",
	.page = "nvt-serve(1)",
	.options = options,
	.exec = exec,
};
