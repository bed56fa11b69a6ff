/*
 * interact.c HOST [PORT] - a telnet client of a few lines.  ^] ends it.
 *
 * A piped stdin is sent as it is, and its end ends the client once all of it
 * has gone: it does not wait for what the peer may say to that.
 */
#include <nvt/session.h>
#include <stdio.h>
#include <stdlib.h>

int
main(int argc, char **argv)
{
	const struct nvt_session_config config = {
		.size = sizeof(config),
		.ttype = getenv("TERM"),
	};
	struct nvt_session *s;
	int result;

	if (argc < 2 || argc > 3 || nvt_session_new(&config, &s) != 0) {
		fprintf(stderr, "usage: interact host [port]\n");
		return 2;
	}
	result = nvt_session_open(s, argv[1], argv[2], NVT_FOREVER);
	if (result == 0)
		result = nvt_session_interact(s, NULL);
	if (result < 0)
		fprintf(stderr, "interact: %s\n", nvt_session_error(s));
	nvt_session_free(s);
	return result == 0 || result == NVT_ERR_EOF ? 0 : 1;
}
