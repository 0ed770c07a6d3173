-- tick: time passes; what is due has been applied before this is reached.
-- args:
-- moves: contact offered>queued, queued>queued, queued>closed, wrap_up>closed, assigned>queued, assigned>closed,
--   waiting_customer>closed, scheduled>queued, scheduled>held, held>queued, held>closed
--   · offer pending>expired, pending>revoked · presence ready>not_ready, not_ready>ready,
--   ready>offline, not_ready>offline
-- events: offer.expired, offer.revoked, contact.escalated, contact.widened, contact.waiting_customer,
--   contact.queued, contact.held, contact.step, contact.notified, contact.closed, agent.state,
--   contact.response_clock, contact.response_due, contact.response_late,
--   session.closed, line.made, line.dropped, timer.failed
-- outcomes: ok

transition.tick = function()
  return { outcome = 'ok', more = cx.more == true }
end
