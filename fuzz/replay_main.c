/*
 * replay_main.c - runs a fuzz target over files, where there is no libFuzzer:
 * `fuzz_x FILE|DIRECTORY...`.  A target that finds something aborts.
 */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "target.h"

static int
replay_file(const char *path, size_t size)
{
	uint8_t *data = malloc(size > 0 ? size : 1);
	FILE *f = fopen(path, "rb");
	int status = 1;

	if (data != NULL && f != NULL && fread(data, 1, size, f) == size) {
		LLVMFuzzerTestOneInput(data, size);
		status = 0;
	} else {
		perror(path);
	}
	if (f != NULL)
		fclose(f);
	free(data);
	return status;
}

static int replay(const char *path);

static int
replay_directory(const char *path)
{
	char name[4096];
	struct dirent *e;
	DIR *d = opendir(path);
	int status = 0;

	if (d == NULL) {
		perror(path);
		return 1;
	}
	while ((e = readdir(d)) != NULL) {
		if (e->d_name[0] == '.')
			continue;
		snprintf(name, sizeof(name), "%s/%s", path, e->d_name);
		status |= replay(name);
	}
	closedir(d);
	return status;
}

static int
replay(const char *path)
{
	struct stat st;

	if (stat(path, &st) != 0) {
		perror(path);
		return 1;
	}
	if (S_ISDIR(st.st_mode))
		return replay_directory(path);
	return replay_file(path, (size_t)st.st_size);
}

int
main(int argc, char **argv)
{
	int i, status = 0;

	/* Nothing at all is an input too. */
	LLVMFuzzerTestOneInput((const uint8_t *)"", 0);
	for (i = 1; i < argc; i++)
		status |= replay(argv[i]);
	return status;
}
