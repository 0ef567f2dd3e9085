// SPDX-License-Identifier: Apache-2.0
package dev.sluice.models.fidelity;

/**
 * How near a variant is to the model that it was made from, over the answers to one set of inputs.
 *
 * @param cosineMean cosine to the model's own answers, on the mean
 * @param cosineP1 the cosine that 99 of 100 answers reach
 * @param cosineMin the worst
 * @param neighbours of each answer's ten nearest among the others, the share that is the same ten
 * @param maxError the largest difference of one component
 * @param batchCosineMin the same input alone and in other company: the worst cosine between any two
 * @param speedRatio how many times as fast as the model itself
 * @param sizeRatio the file's size beside the model's
 */
public record Fidelity(
    double cosineMean,
    double cosineP1,
    double cosineMin,
    double neighbours,
    double maxError,
    double batchCosineMin,
    double speedRatio,
    double sizeRatio) {}
