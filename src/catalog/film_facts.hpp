#pragma once
#include <optional>
#include <string>

#include "media/format/measured.hpp"
#include "media/format/plan.hpp"

// What the API shows of a plan and of measurements, as JSON that is kept in the film's row.
namespace movio::catalog {

// [{width, height, bandwidth, codec, source}]; bandwidths are caps until there are measurements.
std::string rungs_json(const media::Plan& plan, const media::Measured* measured);
std::string audio_json(const media::Plan& plan);
std::string chapters_json(const media::Plan& plan);
// {loudness_lufs, black, silence}; null for what was not measured.
std::string analysis_json(const media::Measured& measured);
// What a film takes, or took; empty where that is not known.
std::string estimate_json(const std::optional<media::Estimate>& estimate);

}  // namespace movio::catalog
