// SPDX-License-Identifier: Apache-2.0
package dev.sluice.kernels.gpu;

/** What the launcher is put through, and what the emulated driver does to it meanwhile. */
enum Scenario {
  KERNELS_AGREE_WITH_THEIR_REFERENCES("", StreamScenarios::kernelsAgreeWithTheirReferences),
  LAUNCHES_RUN_IN_ORDER("", StreamScenarios::launchesRunInOrder),
  A_STREAM_WAITS_FOR_ANOTHER("", StreamScenarios::aStreamWaitsForAnother),
  LANES_HAVE_THREADS_OF_THEIR_OWN("", StreamScenarios::lanesHaveThreadsOfTheirOwn),
  A_GRAPH_SERVES_EVERY_BATCH_OF_ITS_SIZE("", GraphScenarios::aGraphServesEveryBatchOfItsSize),
  THE_OLDEST_GRAPH_MAKES_ROOM("", GraphScenarios::theOldestGraphMakesRoom),
  A_REFUSED_LAUNCH_ENDS_THE_CAPTURE("refuse=sluice_norm:701", GraphScenarios::aRefusedLaunch),
  A_STOPWATCH_TELLS_WHAT_THE_CARD_DID("", MeasureScenarios::aStopwatchTellsWhatTheCardDid),
  COPIES_INSIDE_OF_THE_CARD("", MeasureScenarios::copiesInsideOfTheCard),
  A_CARD_IS_CHECKED_AND_TIMED("", MeasureScenarios::aCardIsCheckedAndTimed),
  AN_OLDER_CARD_IS_CHECKED("capability=80", MeasureScenarios::anOlderCardIsChecked),
  A_WRONG_KERNEL_IS_FOUND("skip=sluice_norm", MeasureScenarios::aWrongKernelIsFound),
  ANOTHER_IS_MEASURED_IN_THE_SAME_TURNS("", MeasureScenarios::anotherIsMeasuredInTheSameTurns),
  ANOTHER_MAY_GIVE_UP("", MeasureScenarios::anotherMayGiveUp),
  A_FAULT_ENDS_THE_CHECK("fault=9:719", MeasureScenarios::aFaultEndsTheCheck),
  A_PART_THAT_DOES_NOT_FIT_IS_LEFT_OUT("memory=16777216", MeasureScenarios::aPartDoesNotFit),
  COPIES_OF_ANY_SIZE("", MemoryScenarios::copiesOfAnySize),
  COPIES_STAY_INSIDE_OF_BUFFERS("", MemoryScenarios::copiesStayInsideOfBuffers),
  THE_BUDGET_IS_KEPT("", MemoryScenarios::theBudgetIsKept),
  THE_CARD_HAS_LESS_THAN_THE_BUDGET("memory=1048576", MemoryScenarios::theCardHasLess),
  FREE_MEMORY_IS_IN_PIECES("allocate=2", MemoryScenarios::freeMemoryIsInPieces),
  ARENAS_REFUSE_WHAT_DOES_NOT_FIT("", MemoryScenarios::arenasRefuseWhatDoesNotFit),
  CLOSING_GIVES_EVERYTHING_BACK("", MemoryScenarios::closingGivesEverythingBack),
  A_REFUSED_LAUNCH_IS_NAMED("refuse=sluice_norm:701", FaultScenarios::aRefusedLaunchIsNamed),
  AN_UNKNOWN_KERNEL_IS_NAMED("", FaultScenarios::anUnknownKernelIsNamed),
  A_FAULT_ENDS_THE_SERVICE("fault=2:719", FaultScenarios::aFaultEndsTheService),
  A_MEMORY_ERROR_ENDS_THE_SERVICE("fault=1:214", FaultScenarios::aMemoryErrorEndsTheService),
  A_FAULT_IS_FOUND_WHILE_CLOSING("fault=3:710", FaultScenarios::aFaultIsFoundWhileClosing),
  A_WILD_KERNEL_ENDS_THE_SERVICE("", FaultScenarios::aWildKernelEndsTheService),
  AN_ENCODER_OF_HALVES_AGREES("", EncoderScenarios::halvesAgreeWithTheReference),
  AN_ENCODER_OF_BYTES_AGREES("", EncoderScenarios::bytesAgreeWithTheReference),
  HEADS_AGREE("", EncoderScenarios::headsAgreeWithTheReference),
  HEADS_ARE_BOUNDED("", EncoderScenarios::headsAreBounded),
  LOUD_CHANNELS_LEAVE_STEPS_TO_THE_REST("", EncoderScenarios::loudChannelsLeaveStepsToTheRest),
  AN_ENCODER_CARES_FOR_NO_COMPANY("", EncoderScenarios::companyChangesNothing),
  LANES_SHARE_AN_ENCODER("", EncoderScenarios::lanesShareWeights),
  BAD_BATCHES_NEVER_REACH_THE_CARD("", EncoderScenarios::badBatchesNeverReachTheCard),
  WEIGHTS_DO_NOT_FIT_THE_CARD("memory=102400", EncoderScenarios::weightsThatDoNotFit),
  WRONG_WEIGHTS_ARE_NAMED("", EncoderScenarios::wrongWeightsAreNamed),
  AN_ENCODER_FAULTS("fault=9:700", EncoderScenarios::aFaultWhileRunning),
  NO_CARD("init=100", AbsenceScenarios::noCard),
  NO_SUCH_CARD("cards=2", AbsenceScenarios::noSuchCard),
  TOO_OLD_A_CARD("capability=70", AbsenceScenarios::tooOldACard),
  KERNELS_THAT_THE_DRIVER_CANNOT_LOAD("module=209", AbsenceScenarios::kernelsThatDoNotLoad);

  private interface Steps {
    void run() throws Exception;
  }

  private final String faults;

  @SuppressWarnings("ImmutableEnumChecker") // methods without state
  private final Steps steps;

  Scenario(String faults, Steps steps) {
    this.faults = faults;
    this.steps = steps;
  }

  /** In the words of faults.h. */
  String faults() {
    return faults;
  }

  void run() throws Exception {
    steps.run();
  }
}
