import { Component, type ReactNode } from 'react';
import { strings } from '../strings';

/** What nobody expected: say so, instead of an empty page. */
export class ErrorBoundary extends Component<{ children: ReactNode }, { failed: boolean }> {
  override state = { failed: false };

  static getDerivedStateFromError() {
    return { failed: true };
  }

  override render() {
    if (!this.state.failed) return this.props.children;
    return (
      <div className="notice" role="alert">
        <p>{strings.app.unexpected}</p>
        <button type="button" className="button" onClick={() => window.location.reload()}>
          {strings.app.reload}
        </button>
      </div>
    );
  }
}
