/*
 * Measures one workload on demand, so that its samples can be taken between those of others.
 *
 *   usage: twin LOOP FILE        FILE: 32-bit words, as LOOP reads them
 *   stdin: SAMPLES SECONDS       each sample repeats the run until SECONDS have passed, unless LOOP goes by the clock
 *   stdout: seconds per run, one number per sample, on one line
 *
 * The twin's own memory comes from mmap: it must not shape the heap that is measured.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include "twin.h"

static const loop_t *const loops[] = {&replay_loop, &slots_loop, &batch_loop, &calloc_loop, &script_loop, &clock_loop};

static const loop_t *find_loop(const char *name) {
  for (size_t i = 0; i < sizeof loops / sizeof *loops; i++) {
    if (strcmp(loops[i]->name, name) == 0) return loops[i];
  }
  return NULL;
}

static const int32_t *map_words(const char *file) {
  struct stat status;
  const int descriptor = open(file, O_RDONLY);
  if (descriptor < 0 || fstat(descriptor, &status) != 0) return NULL;
  void *words = mmap(NULL, (size_t)status.st_size, PROT_READ, MAP_PRIVATE | MAP_POPULATE, descriptor, 0);
  return words == MAP_FAILED ? NULL : words;
}

double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

/* Runs at least once; the clock is read after every run, which takes a millisecond. */
static double sample(const loop_t *loop, const input_t *input, double seconds) {
  if (loop->sample != NULL) return loop->sample(input, seconds);
  const double start = now();
  double elapsed;
  int runs = 0;
  do {
    loop->run(input);
    runs++;
    elapsed = now() - start;
  } while (elapsed < seconds);
  return elapsed / runs;
}

int main(int count, char **arguments) {
  const loop_t *loop = count == 3 ? find_loop(arguments[1]) : NULL;
  if (loop == NULL) return fprintf(stderr, "usage: twin replay|slots|batch|calloc|script|clock FILE\n"), 2;
  input_t input = {map_words(arguments[2]), NULL};
  if (input.words == NULL) return fprintf(stderr, "%s: cannot be read\n", arguments[2]), 1;
  input.blocks = mmap(NULL, loop->blocks(input.words) * sizeof(void *), PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
  if (input.blocks == MAP_FAILED) return fprintf(stderr, "no memory for the addresses\n"), 1;

  char request[64];
  while (fgets(request, sizeof request, stdin) != NULL) {
    int samples;
    double seconds;
    if (sscanf(request, "%d %lf", &samples, &seconds) != 2) return fprintf(stderr, "bad request\n"), 2;
    for (int i = 0; i < samples; i++) printf("%.9f ", sample(loop, &input, seconds));
    printf("\n");
    fflush(stdout);
  }
  return 0;
}
