package org.libmpass;

import java.lang.ref.Cleaner;
import java.lang.ref.Reference;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.LongFunction;

/**
 * Something that the engine holds for Java. It is freed once: by {@link #close}, or when it
 * is no longer referenced. While a native uses it, freeing waits for the last one to return.
 */
abstract class NativeHandle implements AutoCloseable {
  private static final Cleaner CLEANER = Cleaner.create();

  private final State state;
  private final Cleaner.Cleanable cleanable;

  NativeHandle(long pointer) {
    state = new State(pointer, getClass().getSimpleName());
    cleanable = CLEANER.register(this, state);
  }

  /** Knows nothing of the object, so that it does not keep it alive. */
  private static final class State implements Runnable {
    private static final int CLOSED = Integer.MIN_VALUE;
    private static final byte[] NOTHING = {};

    private final long pointer;
    private final String name;
    /** How many natives use it; negative once it is closed. */
    private final AtomicInteger users = new AtomicInteger();

    State(long pointer, String name) {
      this.pointer = pointer;
      this.name = name;
    }

    void enter() {
      int before;
      do {
        before = users.get();
        if (before < 0) {
          throw new IllegalStateException("the " + name + " is closed");
        }
      } while (!users.compareAndSet(before, before + 1));
    }

    void leave() {
      if (users.decrementAndGet() == CLOSED) {
        free();
      }
    }

    private void free() {
      Natives.call(Operation.FREE, pointer, NOTHING);
    }

    @Override
    public void run() {
      if (users.getAndUpdate(count -> count | CLOSED) == 0) {
        free();
      }
    }
  }

  /** The pointer; nothing is freed before {@link #leave}, which has to follow. */
  final long enter() {
    state.enter();
    return state.pointer;
  }

  final void leave() {
    state.leave();
    Reference.reachabilityFence(this);
  }

  /** Lends the pointer; nothing is freed meanwhile. */
  final <T> T use(LongFunction<T> work) {
    long pointer = enter();
    try {
      return work.apply(pointer);
    } finally {
      leave();
    }
  }

  /** Lends the pointers of many; the list must not change meanwhile. */
  static <T> T useAll(List<? extends NativeHandle> handles, Function<long[], T> work) {
    long[] pointers = new long[handles.size()];
    int entered = 0;
    try {
      for (NativeHandle handle : handles) {
        pointers[entered] = handle.enter();
        entered++;
      }
      return work.apply(pointers);
    } finally {
      for (NativeHandle handle : handles.subList(0, entered)) {
        handle.leave();
      }
    }
  }

  /** Performs an operation on the pointer. */
  final <T> T call(int operation, Packer input, Function<Unpacker, T> read) {
    try {
      return use(pointer -> Wire.call(operation, pointer, input, read));
    } finally {
      input.wipe();
    }
  }

  /** Performs an operation that takes a second pointer before the rest of its input. */
  final <T> T callWith(
      int operation,
      Packer before,
      NativeHandle other,
      java.util.function.UnaryOperator<Packer> after,
      Function<Unpacker, T> read) {
    try {
      return other.use(
          pointer -> call(operation, after.apply(before.i64(pointer)), read));
    } finally {
      before.wipe();
    }
  }

  /**
   * Gives back what is held, secrets wiped. Closing again does nothing; every other method throws
   * {@link IllegalStateException} afterwards. Calls of other threads that have begun end as if it
   * were open.
   */
  @Override
  public void close() {
    cleanable.clean();
  }
}
