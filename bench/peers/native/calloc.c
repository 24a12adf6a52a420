/* M7: rounds, size, batch. */
#include "twin.h"

static size_t calloc_blocks(const int32_t *words) { return (size_t)words[2]; }

static void calloc_run(const input_t *input) {
  const int32_t rounds = input->words[0];
  const size_t size = (size_t)input->words[1];
  const int32_t batch = input->words[2];
  void **blocks = input->blocks;
  for (int32_t round = 0; round < rounds; round++) {
    for (int32_t i = 0; i < batch; i++) blocks[i] = HEAP_CALLOC(1, size);
    for (int32_t i = batch - 1; i >= 0; i--) HEAP_FREE(blocks[i]);
  }
}

const loop_t calloc_loop = {"calloc", calloc_blocks, calloc_run};
