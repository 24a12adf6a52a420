/* W5: rounds, size, batch. */
#include "twin.h"

static size_t batch_blocks(const int32_t *words) { return (size_t)words[2]; }

static void batch_run(const input_t *input) {
  const int32_t rounds = input->words[0];
  const size_t size = (size_t)input->words[1];
  const int32_t batch = input->words[2];
  void **blocks = input->blocks;
  for (int32_t round = 0; round < rounds; round++) {
    for (int32_t i = 0; i < batch; i++) blocks[i] = HEAP_MALLOC(size);
    for (int32_t i = batch - 1; i >= 0; i--) HEAP_FREE(blocks[i]);
  }
}

const loop_t batch_loop = {"batch", batch_blocks, batch_run};
