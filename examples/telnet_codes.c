/*
 * telnet_codes.c HOST PORT - decide about each option oneself: refuse all but
 * the terminal type, which is "mypython".  NVT_USER and NVT_PASSWORD say who.
 */
#include <nvt/session.h>
#include <stdio.h>
#include <stdlib.h>

enum { TIMEOUT_MS = 10000 };

static int
check(const struct nvt_session *s, int result)
{
	if (result >= 0)
		return result;
	fprintf(stderr, "telnet_codes: %s\n", nvt_session_error(s));
	exit(2);
}

static bool
decide(struct nvt_session *s, enum nvt_side side, uint8_t option, void *arg)
{
	bool agree = side == NVT_LOCAL && option == NVT_OPT_TTYPE;
	const char *name = nvt_option_name(option);

	(void)s;
	(void)arg;
	printf("%s %s (%d): %s\n", side == NVT_LOCAL ? "DO" : "WILL",
	    name != NULL ? name : "?", option, agree ? "yes" : "no");
	return agree;
}

int
main(int argc, char **argv)
{
	const struct nvt_session_config config = { .size = sizeof(config),
		.ttype = "mypython" };
	const char *user = getenv("NVT_USER");
	const char *password = getenv("NVT_PASSWORD");
	struct nvt_session *s;
	struct nvt_span said;

	if (argc != 3 || user == NULL || password == NULL ||
	    nvt_session_new(&config, &s) != 0) {
		fprintf(stderr,
		    "usage: telnet_codes host port (NVT_USER, NVT_PASSWORD)\n");
		return 2;
	}
	nvt_session_on_option(s, decide, NULL);
	check(s, nvt_session_open(s, argv[1], argv[2], TIMEOUT_MS));
	check(s, nvt_session_read_until(s, "login:", TIMEOUT_MS, NULL));
	check(s, nvt_session_send_line(s, user));
	check(s, nvt_session_read_until(s, "assword:", TIMEOUT_MS, NULL));
	check(s, nvt_session_send_secret(s, password));
	check(s, nvt_session_send_line(s, "exec echo $TERM"));
	check(s, nvt_session_read_all(s, TIMEOUT_MS, &said));
	fwrite(said.data, 1, said.len, stdout);
	nvt_session_free(s);
	return 0;
}
