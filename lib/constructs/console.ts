import { join } from 'node:path';
import { Duration, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import {
  AllowedMethods,
  type BehaviorOptions,
  CachePolicy,
  Distribution,
  Function as EdgeFunction,
  FunctionCode,
  FunctionEventType,
  FunctionRuntime,
  HeadersFrameOption,
  HeadersReferrerPolicy,
  HttpVersion,
  type IOrigin,
  OriginRequestPolicy,
  PriceClass,
  ResponseHeadersPolicy,
  S3OriginAccessControl,
  SecurityPolicyProtocol,
  ViewerProtocolPolicy,
} from 'aws-cdk-lib/aws-cloudfront';
import { HttpOrigin, S3BucketOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import { CloudFrontTarget } from 'aws-cdk-lib/aws-route53-targets';
import { BlockPublicAccess, Bucket, BucketEncryption, type IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { nameOf, type StageSettings } from '../config.js';
import { consolePolicy, DOCS_POLICY } from '../console-headers.js';
import { ConsoleFiles } from './console-files.js';
import { OwnName } from './own-name.js';
import { rewritingCode } from './rewriting.js';

export interface ConsoleProps {
  readonly settings: StageSettings;
  /** Folder of the built console, with the documentation in `docs/`. */
  readonly files: string;
  /** Host of the HTTP API, which the distribution serves under its own name. */
  readonly apiHost: string;
  /** Tells the API that a request came through the distribution, and so who the viewer is. Outside of the account no caller knows it. */
  readonly mark: string;
}

/**
 * The console's files in a private bucket, and the distribution that serves files and API under one name, so that the
 * browser needs no CORS. The files hold no secret: the session guards the data.
 */
export class Console extends Construct {
  /** Address of the console. */
  readonly url: string;
  /** Where a name of the user's must point, if no hosted zone makes it. */
  readonly target: string | undefined;
  /** CloudFront's names hold for the whole account: the same stage may be in several Regions. */
  private readonly globalName: string;

  constructor(scope: Construct, id: string, { settings, files: folder, apiHost, mark }: ConsoleProps) {
    super(scope, id);
    this.globalName = `${nameOf(settings)}-${Stack.of(this).region}`;
    const bucket = this.bucket();
    new ConsoleFiles(this, 'Files', { settings, bucket, files: folder });
    const api = new HttpOrigin(apiHost, {
      readTimeout: Duration.seconds(30),
      customHeaders: { 'X-Punctual-Distribution': mark },
    });
    const originAccessControl = new S3OriginAccessControl(this, 'Access', {
      originAccessControlName: this.globalName,
    });
    const files = S3BucketOrigin.withOriginAccessControl(bucket, { originAccessControl });
    const distribution = this.distribution(settings, api, files, folder);
    const { consoleName, hostedZone } = settings.domain ?? {};
    if (consoleName && hostedZone)
      new OwnName(this, 'Records', consoleName, hostedZone, new CloudFrontTarget(distribution), 'both');
    else if (consoleName) this.target = distribution.distributionDomainName;
    this.url = `https://${consoleName ?? distribution.distributionDomainName}/console/`;
  }

  /** A bucket without retention: its files can be built again from the sources. */
  private bucket(): IBucket {
    const bucket = new Bucket(this, 'Bucket', {
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      encryption: BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    Validations.of(bucket).acknowledge({
      id: 'AwsSolutions-S1',
      reason: 'It holds published files that the distribution alone reads; who calls the API is in its own log.',
    });
    return bucket as IBucket;
  }

  private distribution(
    { domain, portalOrigins, webAclArn }: StageSettings,
    api: IOrigin,
    files: IOrigin,
    folder: string,
  ): Distribution {
    const rewriting = this.rewriting(folder);
    const pages = (id: string, policy: string, unframed = true): BehaviorOptions => ({
      origin: files,
      cachePolicy: CachePolicy.CACHING_OPTIMIZED,
      compress: true,
      responseHeadersPolicy: this.responseHeaders(id, policy, unframed),
      viewerProtocolPolicy: ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
      functionAssociations: [{ eventType: FunctionEventType.VIEWER_REQUEST, function: rewriting }],
    });
    const distribution = new Distribution(this, 'Distribution', {
      comment: 'Punctual: the console and the API',
      priceClass: PriceClass.PRICE_CLASS_100,
      httpVersion: HttpVersion.HTTP2_AND_3,
      ...(webAclArn !== undefined && { webAclId: webAclArn }),
      ...(domain?.consoleName && {
        domainNames: [domain.consoleName],
        certificate: Certificate.fromCertificateArn(this, 'Certificate', domain.consoleCertificateArn!),
        minimumProtocolVersion: SecurityPolicyProtocol.TLS_V1_2_2021,
      }),
      defaultBehavior: {
        origin: api,
        allowedMethods: AllowedMethods.ALLOW_ALL,
        cachePolicy: CachePolicy.CACHING_DISABLED,
        // API Gateway routes by its own host name.
        originRequestPolicy: OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
        viewerProtocolPolicy: ViewerProtocolPolicy.HTTPS_ONLY,
      },
      additionalBehaviors: {
        ...Object.fromEntries(DOCUMENTS.map((path) => [path, this.cached(api)])),
        '/docs/*': pages('DocsHeaders', DOCS_POLICY),
        '/console*': pages('Headers', consolePolicy(portalOrigins), !portalOrigins),
      },
    });
    for (const [id, reason] of Object.entries(ACKNOWLEDGED)) Validations.of(distribution).acknowledge({ id, reason });
    return distribution;
  }

  /** The API's documents, for as long as the API says; nothing that the viewer sends reaches them. */
  private cached(api: IOrigin): BehaviorOptions {
    return {
      origin: api,
      cachePolicy: CachePolicy.CACHING_OPTIMIZED,
      compress: true,
      viewerProtocolPolicy: ViewerProtocolPolicy.HTTPS_ONLY,
    };
  }

  /** @param unframed X-Frame-Options knows no list of origins; where there is one, frame-ancestors alone says who may embed */
  private responseHeaders(id: string, contentSecurityPolicy: string, unframed: boolean): ResponseHeadersPolicy {
    const override = true;
    return new ResponseHeadersPolicy(this, id, {
      responseHeadersPolicyName: id === 'Headers' ? this.globalName : `${this.globalName}-docs`,
      comment: `Punctual: what the ${id === 'Headers' ? 'console' : 'documentation'} may do`,
      securityHeadersBehavior: {
        contentSecurityPolicy: { contentSecurityPolicy, override },
        contentTypeOptions: { override },
        ...(unframed && { frameOptions: { frameOption: HeadersFrameOption.DENY, override } }),
        referrerPolicy: { referrerPolicy: HeadersReferrerPolicy.NO_REFERRER, override },
        strictTransportSecurity: { accessControlMaxAge: Duration.days(730), includeSubdomains: true, override },
      },
    });
  }

  /** Error responses would not do: they hold for the whole distribution and turn the API's 404s into pages. */
  private rewriting(files: string): EdgeFunction {
    return new EdgeFunction(this, 'Rewrite', {
      comment: 'Punctual: which file answers an address of the console or the documentation',
      runtime: FunctionRuntime.JS_2_0,
      code: FunctionCode.fromInline(rewritingCode(join(files, 'docs'))),
    });
  }
}

const DOCUMENTS = ['/docs', '/openapi.json', '/llms.txt'];

const ACKNOWLEDGED = {
  'AwsSolutions-CFR1': 'The API may be called from every country.',
  'AwsSolutions-CFR2':
    'The API behind it is reached without the distribution as well, and throttled and authenticated there.',
  'AwsSolutions-CFR3': 'The API has its own access log; what remains are published files.',
  'AwsSolutions-CFR4': 'Without a domain of your own CloudFront sets the protocol; viewers are kept to HTTPS.',
};
