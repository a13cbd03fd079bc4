/** The metrics of the server, as Prometheus reads them. */
export interface MetricsSource {
  contentType: string;
  scrape(): Promise<string>;
}
