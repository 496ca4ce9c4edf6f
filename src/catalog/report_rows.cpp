#include "catalog/report_rows.hpp"

namespace movio::catalog {

void close_reports(SqlSession& session, VideoId video, const std::string& decision) {
    session.run(
        "UPDATE reports SET closed_us = movio_now_us(), decision_id = $2 WHERE video_id = $1 AND closed_us IS NULL",
        {sql(video.text()), sql(decision)});
    count_reports(session, video);
}

void count_reports(SqlSession& session, VideoId video) {
    session.run(
        "UPDATE videos SET open_reports = (SELECT COUNT(*) FROM reports WHERE video_id = $1 AND closed_us IS NULL) "
        "WHERE id = $1",
        {sql(video.text())});
}

void forget_reporter(SqlSession& session, UserId user) {
    session.run("UPDATE reports SET reporter_id = NULL WHERE reporter_id = $1", {sql(user.text())});
}

}  // namespace movio::catalog
