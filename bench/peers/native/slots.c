/* W2, W3: visits, slots, then one word per visit: size << 16 | slot. */
#include "twin.h"

static size_t slots_blocks(const int32_t *words) { return (size_t)words[1]; }

static void slots_run(const input_t *input) {
  const int32_t visits = input->words[0];
  const int32_t *words = input->words + 2;
  void **slots = input->blocks;
  for (int32_t i = 0; i < visits; i++) {
    const uint32_t visit = (uint32_t)words[i];
    const uint32_t slot = visit & 0xffff;
    void *block = slots[slot];
    if (block != NULL) {
      HEAP_FREE(block);
      slots[slot] = NULL;
    } else {
      slots[slot] = HEAP_MALLOC(visit >> 16);
    }
  }
}

const loop_t slots_loop = {"slots", slots_blocks, slots_run};
