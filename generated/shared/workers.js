function reclaimOnExit(heap, handle, worker) {
  worker.once("exit", () => heap.reclaim(handle.threadSlot));
}
function lendSlot(heap) {
  const handle = heap.reserve();
  const lock = `thread slot ${crypto.randomUUID()}`;
  const taken = new BroadcastChannel(lock);
  taken.onmessage = () => {
    taken.close();
    navigator.locks.request(lock, () => heap.reclaim(handle.threadSlot));
  };
  return { handle, lock };
}
async function takeSlot({ handle, lock }) {
  await new Promise((held) => {
    navigator.locks.request(lock, () => {
      held();
      return new Promise(() => {
      });
    });
  });
  const taken = new BroadcastChannel(lock);
  taken.postMessage("taken");
  taken.close();
  return handle;
}
export {
  lendSlot,
  reclaimOnExit,
  takeSlot
};
