/* The twins of ../../workloads: the same loops, in C, over the same words. */
#ifndef TWIN_H
#define TWIN_H

#include <stddef.h>
#include <stdint.h>

#ifdef TWIN_MIMALLOC
#include <mimalloc.h>
#define HEAP_MALLOC mi_malloc
#define HEAP_CALLOC mi_calloc
#define HEAP_REALLOC mi_realloc
#define HEAP_MEMALIGN(alignment, size) mi_malloc_aligned(size, alignment)
#define HEAP_FREE mi_free
#else
#include <malloc.h>
#include <stdlib.h>
#define HEAP_MALLOC malloc
#define HEAP_CALLOC calloc
#define HEAP_REALLOC realloc
#define HEAP_MEMALIGN memalign
#define HEAP_FREE free
#endif

/* A workload: its words, and the addresses of its blocks between the calls. */
typedef struct {
  const int32_t *words;
  void **blocks;
} input_t;

/* How many addresses a loop needs, and one run of it; or, if it goes by the clock, one sample: its seconds per run. */
typedef struct {
  const char *name;
  size_t (*blocks)(const int32_t *words);
  void (*run)(const input_t *input);
  double (*sample)(const input_t *input, double seconds);
} loop_t;

/* Seconds. */
double now(void);

extern const loop_t replay_loop;
extern const loop_t slots_loop;
extern const loop_t batch_loop;
extern const loop_t calloc_loop;
extern const loop_t script_loop;
extern const loop_t clock_loop;

#endif
