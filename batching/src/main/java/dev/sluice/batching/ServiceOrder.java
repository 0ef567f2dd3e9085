// SPDX-License-Identifier: Apache-2.0
package dev.sluice.batching;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Walks what waits in the order in which it should be served: rank by rank; inside a rank the
 * earliest deadline first, among the tenants that are not ahead of their share by more than a
 * batch's worth. So deadlines decide until somebody takes more than is his, and an idle tenant
 * leaves nothing unused. Who has had more than that already only fills what room is left: items are
 * chosen by their length too, and he who has many to choose from would be chosen ever more.
 *
 * <p>Reads only, and is good until something changes. Guarded by the lock of its {@link BatchCore}.
 */
final class ServiceOrder<T, R> implements ItemOrder<T, R> {
  private final WaitingQueue<T, R> queue;
  private final double leadTokens;
  private final List<Track<T, R>> tracks = new ArrayList<>();

  /** Those of the same rank that have had more than their share: they come after the others. */
  private final List<Track<T, R>> ahead = new ArrayList<>();

  private boolean amongAhead;
  private int rank = -1;
  private int index;

  /**
   * @param leadTokens how far ahead of the least served tenant one may be
   */
  ServiceOrder(WaitingQueue<T, R> queue, double leadTokens) {
    this.queue = queue;
    this.leadTokens = leadTokens;
  }

  @Override
  public @Nullable PendingCall<T, R> next() {
    while (true) {
      Track<T, R> track = tracks.size() == 1 ? tracks.get(0) : fairest();
      if (track == null && !ahead.isEmpty()) {
        amongAhead = true;
        tracks.addAll(ahead);
        ahead.clear();
      } else if (track == null) {
        RankQueue<T, R> following = queue.rank(rank + 1);
        if (following == null) {
          return null;
        }
        enter(following);
      } else {
        PendingCall<T, R> call = track.next();
        if (call != null) {
          index = track.index;
          return call;
        }
        tracks.remove(track);
      }
    }
  }

  @Override
  public int index() {
    return index;
  }

  @Override
  public int rank() {
    return 2 * rank + (amongAhead ? 1 : 0);
  }

  private void enter(RankQueue<T, R> following) {
    rank = following.number;
    amongAhead = false;
    double least = Double.POSITIVE_INFINITY;
    for (Share<T, R> share : following.active()) {
      least = Math.min(least, share.served());
    }
    for (Share<T, R> share : following.active()) {
      (share.served() - least <= leadTokens ? tracks : ahead).add(new Track<>(share));
    }
  }

  private @Nullable Track<T, R> fairest() {
    double least = Double.POSITIVE_INFINITY;
    for (Track<T, R> track : tracks) {
      least = Math.min(least, track.served);
    }
    Track<T, R> best = null;
    for (Track<T, R> track : tracks) {
      if (track.served - least <= leadTokens && (best == null || track.isBefore(best))) {
        best = track;
      }
    }
    return best;
  }

  /** How far the walk has come in one share. */
  private static final class Track<T, R> {
    private final Share<T, R> share;
    private double served;
    private int place;
    private int index = -1;

    Track(Share<T, R> share) {
      this.share = share;
      this.served = share.served();
      this.place = share.calls.next(0);
    }

    boolean isBefore(Track<T, R> other) {
      if (share.calls.isEnd(place) || other.share.calls.isEnd(other.place)) {
        return share.calls.isEnd(place);
      }
      return share.calls.get(place).isBefore(other.share.calls.get(other.place));
    }

    /** Goes to the next waiting item and returns its call; null at the end. */
    @Nullable PendingCall<T, R> next() {
      while (!share.calls.isEnd(place)) {
        PendingCall<T, R> call = share.calls.get(place);
        index = call.nextWaiting(index + 1);
        if (index >= 0) {
          served += share.service(call.item(index).totalTokens());
          return call;
        }
        place = share.calls.next(place + 1);
      }
      return null;
    }
  }
}
