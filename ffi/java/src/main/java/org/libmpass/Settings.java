package org.libmpass;

/** Settings of one group: typed methods over its fields. Immutable. */
public abstract class Settings {
  final Values values;

  Settings(Values values) {
    this.values = values;
  }

  @Override
  public final boolean equals(Object other) {
    return other instanceof Settings settings
        && settings.getClass() == getClass()
        && settings.values.equals(values);
  }

  @Override
  public final int hashCode() {
    return values.hashCode();
  }

  @Override
  public final String toString() {
    return getClass().getSimpleName() + values;
  }
}
